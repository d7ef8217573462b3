import type { LaunchTemplate, LaunchTemplateVersion, ResponseLaunchTemplateData } from '@aws-sdk/client-ec2';
import type { SharedRead } from '../sync.ts';
import type { Detail } from '../syncs/read-detail.ts';

/** What is kept of a version's data: no user data, which may hold secrets, and nothing long. */
export type LaunchTemplateData = Pick<
  ResponseLaunchTemplateData,
  | 'DisableApiTermination'
  | 'EbsOptimized'
  | 'IamInstanceProfile'
  | 'ImageId'
  | 'InstanceInitiatedShutdownBehavior'
  | 'InstanceType'
  | 'KernelId'
  | 'KeyName'
  | 'Monitoring'
  | 'RamDiskId'
  | 'SecurityGroupIds'
  | 'SecurityGroups'
>;

export interface LaunchTemplateVersionDetail extends Omit<LaunchTemplateVersion, 'LaunchTemplateData'> {
  LaunchTemplateData: LaunchTemplateData;
}

export interface LaunchTemplateDetail {
  template: LaunchTemplate & { LaunchTemplateId: string };
  /** `gone` if the template was deleted after it was listed. */
  versions: Detail<LaunchTemplateVersionDetail[]>;
}

/** The region's launch templates with all their versions. */
export const launchTemplates: SharedRead<readonly LaunchTemplateDetail[]> = {
  id: 'ec2:launch-templates',
  scope: 'regional',
  actions: ['ec2:DescribeLaunchTemplates', 'ec2:DescribeLaunchTemplateVersions'],
  async read(context) {
    // Here, not above, so that the SDK's client is loaded only when it is needed.
    const { readLaunchTemplates } = await import('./read-launch-templates.ts');
    return readLaunchTemplates(context);
  },
};
