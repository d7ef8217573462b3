import { instanceImages } from '../../shared-reads/instance-images.ts';
import { launchConfigurations } from '../../shared-reads/launch-configurations.ts';
import { launchTemplates } from '../../shared-reads/launch-templates.ts';
import type { SyncContext } from '../../sync.ts';
import { readDetail } from '../read-detail.ts';

export interface ImagesInUse {
  ids: ReadonlySet<string>;
  /** Why some are not known; empty if all are. */
  unread: readonly string[];
}

/** A launch template may name a parameter of Systems Manager, or no image at all. */
const IMAGE_ID = /^ami-[0-9a-f]+$/;

/** Ids of the images that the region's instances, launch configurations and launch templates use. */
export async function imagesInUse(context: SyncContext): Promise<ImagesInUse> {
  const instances = await readDetail(context, 'DescribeInstances', () => context.shared(instanceImages));
  const configurations = await readDetail(context, 'DescribeLaunchConfigurations', () =>
    context.shared(launchConfigurations),
  );
  const templates = await readDetail(context, 'DescribeLaunchTemplates', () => context.shared(launchTemplates));
  const versions = templates.kind === 'read' ? templates.value.map((one) => one.versions) : [];

  const ids = [
    ...(instances.kind === 'read' ? instances.value : []),
    ...(configurations.kind === 'read' ? configurations.value.map(({ ImageId }) => ImageId) : []),
    ...versions.flatMap((one) =>
      one.kind === 'read' ? one.value.map(({ LaunchTemplateData }) => LaunchTemplateData.ImageId) : [],
    ),
  ].filter((id) => id !== undefined);
  const unread = [instances, configurations, templates, ...versions].flatMap((one) =>
    one.kind === 'unread' ? one.reason : [],
  );
  return { ids: new Set(ids.filter((id) => IMAGE_ID.test(id))), unread };
}
