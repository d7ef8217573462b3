import type { AutoScalingGroup } from '@aws-sdk/client-auto-scaling';
import type { CollectedRecord } from '../../sync.ts';
import { dateText } from '../python-text.ts';

/** The group's own record, with the ids that its edges need. */
export function describeGroup(
  arn: string,
  group: AutoScalingGroup,
  launchConfigurationArns: ReadonlyMap<string, string>,
  subnetIds: readonly string[],
): CollectedRecord {
  const mixed = group.MixedInstancesPolicy?.LaunchTemplate;
  const template = group.LaunchTemplate ?? mixed?.LaunchTemplateSpecification;
  const overrides = (mixed?.Overrides ?? []).map(({ LaunchTemplateSpecification }) => LaunchTemplateSpecification);
  const configuration = group.LaunchConfigurationName;
  return {
    type: 'cartography.aws.ec2.AutoScalingGroup',
    value: {
      AutoScalingGroupARN: arn,
      AutoScalingGroupName: group.AutoScalingGroupName ?? null,
      CapacityRebalance: group.CapacityRebalance ?? null,
      CreatedTime: group.CreatedTime ? dateText(group.CreatedTime) : null,
      DefaultCooldown: group.DefaultCooldown ?? null,
      DesiredCapacity: group.DesiredCapacity ?? null,
      HealthCheckGracePeriod: group.HealthCheckGracePeriod ?? null,
      HealthCheckType: group.HealthCheckType ?? null,
      LaunchConfigurationName: configuration ?? null,
      LaunchTemplateName: template?.LaunchTemplateName ?? null,
      LaunchTemplateId: template?.LaunchTemplateId ?? null,
      LaunchTemplateVersion: template?.Version ?? null,
      MaxInstanceLifetime: group.MaxInstanceLifetime ?? null,
      MaxSize: group.MaxSize ?? null,
      MinSize: group.MinSize ?? null,
      NewInstancesProtectedFromScaleIn: group.NewInstancesProtectedFromScaleIn ?? null,
      Status: group.Status ?? null,
      LaunchTemplateIds: [...new Set([template, ...overrides].flatMap((one) => one?.LaunchTemplateId ?? []))],
      LaunchConfigurationArn: launchConfigurationArns.get(configuration ?? '') ?? null,
      SubnetIds: [...subnetIds],
    },
  };
}
