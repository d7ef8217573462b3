import type { LaunchConfiguration } from '@aws-sdk/client-auto-scaling';
import { allItems } from '../aws/all-items.ts';
import type { SharedRead } from '../sync.ts';

/** Without user data, which may hold secrets. */
export type LaunchConfigurationDetail = Omit<
  LaunchConfiguration,
  'BlockDeviceMappings' | 'ClassicLinkVPCId' | 'ClassicLinkVPCSecurityGroups' | 'MetadataOptions' | 'UserData'
>;

/** The region's launch configurations. */
export const launchConfigurations: SharedRead<readonly LaunchConfigurationDetail[]> = {
  id: 'autoscaling:launch-configurations',
  scope: 'regional',
  actions: ['autoscaling:DescribeLaunchConfigurations'],
  async read(context) {
    const { AutoScalingClient, paginateDescribeLaunchConfigurations } = await import('@aws-sdk/client-auto-scaling');
    const pages = paginateDescribeLaunchConfigurations(
      { client: context.client(AutoScalingClient), pageSize: 100 },
      {},
      { abortSignal: context.signal },
    );
    return allItems(pages, ({ LaunchConfigurations }) => LaunchConfigurations?.map(detailOf));
  },
};

function detailOf(configuration: LaunchConfiguration): LaunchConfigurationDetail {
  return {
    LaunchConfigurationName: configuration.LaunchConfigurationName,
    LaunchConfigurationARN: configuration.LaunchConfigurationARN,
    ImageId: configuration.ImageId,
    KeyName: configuration.KeyName,
    SecurityGroups: configuration.SecurityGroups,
    InstanceType: configuration.InstanceType,
    KernelId: configuration.KernelId,
    RamdiskId: configuration.RamdiskId,
    InstanceMonitoring: configuration.InstanceMonitoring,
    SpotPrice: configuration.SpotPrice,
    IamInstanceProfile: configuration.IamInstanceProfile,
    CreatedTime: configuration.CreatedTime,
    EbsOptimized: configuration.EbsOptimized,
    AssociatePublicIpAddress: configuration.AssociatePublicIpAddress,
    PlacementTenancy: configuration.PlacementTenancy,
  };
}
