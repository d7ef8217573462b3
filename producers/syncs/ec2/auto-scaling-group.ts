import type { AutoScalingGroup } from '@aws-sdk/client-auto-scaling';
import type { LaunchConfigurationDetail } from '../../shared-reads/launch-configurations.ts';
import { launchConfigurations } from '../../shared-reads/launch-configurations.ts';
import type { CollectedRecord, Sync } from '../../sync.ts';
import { isNew } from '../is-new.ts';
import { required } from '../required.ts';
import { describeGroup } from './auto-scaling-group-record.ts';
import { launchConfigurationRecord } from './launch-configuration-record.ts';

/** Auto Scaling groups and launch configurations; stubs of the groups' instances and subnets. */
export const ec2AutoScalingGroup: Sync = {
  id: 'ec2:autoscalinggroup',
  scope: 'regional',
  records: [
    'cartography.aws.ec2.AutoScalingGroup',
    'cartography.aws.ec2.AutoScalingInstance',
    'cartography.aws.ec2.AutoScalingSubnet',
    'cartography.aws.ec2.LaunchConfiguration',
  ],
  actions: ['autoscaling:DescribeAutoScalingGroups'],
  reads: [launchConfigurations],
  async *collect(context) {
    const { AutoScalingClient, paginateDescribeAutoScalingGroups } = await import('@aws-sdk/client-auto-scaling');
    const configurations = await context.shared(launchConfigurations);
    for (const configuration of configurations) yield launchConfigurationRecord(configuration);

    const arns = arnsByName(configurations);
    const pages = paginateDescribeAutoScalingGroups(
      { client: context.client(AutoScalingClient), pageSize: 100 },
      {},
      { abortSignal: context.signal },
    );
    const subnets = new Set<string>();
    for await (const { AutoScalingGroups = [] } of pages) {
      for (const group of AutoScalingGroups) yield* groupRecords(group, arns, subnets);
    }
  },
};

/** A name is unique in the region that was read; in the graph it is not. */
function arnsByName(configurations: readonly LaunchConfigurationDetail[]): ReadonlyMap<string, string> {
  return new Map(
    configurations.flatMap(({ LaunchConfigurationName: name, LaunchConfigurationARN: arn }) =>
      name === undefined || arn === undefined ? [] : [[name, arn]],
    ),
  );
}

/** @param subnets those that have their record already */
function* groupRecords(
  group: AutoScalingGroup,
  launchConfigurationArns: ReadonlyMap<string, string>,
  subnets: Set<string>,
): Iterable<CollectedRecord> {
  const arn = required(group.AutoScalingGroupARN, 'DescribeAutoScalingGroups AutoScalingGroups.AutoScalingGroupARN');
  const subnetIds = subnetsOf(group);
  yield describeGroup(arn, group, launchConfigurationArns, subnetIds);
  for (const SubnetId of subnetIds) {
    if (isNew(subnets, SubnetId)) yield { type: 'cartography.aws.ec2.AutoScalingSubnet', value: { SubnetId } };
  }
  for (const { InstanceId } of group.Instances ?? []) {
    yield {
      type: 'cartography.aws.ec2.AutoScalingInstance',
      value: {
        InstanceId: required(InstanceId, 'DescribeAutoScalingGroups AutoScalingGroups.Instances.InstanceId'),
        AutoScalingGroupARN: arn,
      },
    };
  }
}

/** AWS sends them as one text, with commas between. */
function subnetsOf({ VPCZoneIdentifier = '' }: AutoScalingGroup): string[] {
  const ids = VPCZoneIdentifier.split(',').map((id) => id.trim());
  return [...new Set(ids.filter((id) => id !== ''))];
}
