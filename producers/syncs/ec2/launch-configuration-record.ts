import type { LaunchConfigurationDetail } from '../../shared-reads/launch-configurations.ts';
import type { CollectedRecord } from '../../sync.ts';
import { required } from '../required.ts';

export function launchConfigurationRecord(configuration: LaunchConfigurationDetail): CollectedRecord {
  return {
    type: 'cartography.aws.ec2.LaunchConfiguration',
    value: {
      LaunchConfigurationARN: required(
        configuration.LaunchConfigurationARN,
        'DescribeLaunchConfigurations LaunchConfigurations.LaunchConfigurationARN',
      ),
      LaunchConfigurationName: configuration.LaunchConfigurationName ?? null,
      ImageId: configuration.ImageId ?? null,
      KeyName: configuration.KeyName ?? null,
      SecurityGroups: configuration.SecurityGroups ?? null,
      InstanceType: configuration.InstanceType ?? null,
      KernelId: configuration.KernelId ?? null,
      RamdiskId: configuration.RamdiskId ?? null,
      InstanceMonitoringEnabled: configuration.InstanceMonitoring?.Enabled ?? null,
      SpotPrice: configuration.SpotPrice ?? null,
      IamInstanceProfile: configuration.IamInstanceProfile ?? null,
      EbsOptimized: configuration.EbsOptimized ?? null,
      AssociatePublicIpAddress: configuration.AssociatePublicIpAddress ?? null,
      PlacementTenancy: configuration.PlacementTenancy ?? null,
    },
  };
}
