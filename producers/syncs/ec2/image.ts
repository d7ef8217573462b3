import { instanceImages } from '../../shared-reads/instance-images.ts';
import { launchConfigurations } from '../../shared-reads/launch-configurations.ts';
import { launchTemplates } from '../../shared-reads/launch-templates.ts';
import type { Sync } from '../../sync.ts';

/** Machine images: the account's own, and others that its instances, launch configurations and launch templates use. */
export const ec2Image: Sync = {
  id: 'ec2:images',
  scope: 'regional',
  records: ['cartography.aws.ec2.Image'],
  actions: ['ec2:DescribeImages'],
  reads: [instanceImages, launchConfigurations, launchTemplates],
  async *collect(context) {
    // Here, not above, so that the SDK's client is loaded only when it is needed.
    const { collectImages } = await import('./collect-images.ts');
    yield* collectImages(context);
  },
};
