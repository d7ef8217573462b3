import type { Instance, InstanceMetadataOptionsResponse, Tag } from '@aws-sdk/client-ec2';
import type { CollectedRecord, SyncContext } from '../../sync.ts';
import { ec2Arn } from './arn.ts';

/** The instance's own record, with the ids that its edges need. */
export function describeInstance(
  context: SyncContext,
  instanceId: string,
  reservationId: string,
  instance: Instance,
): CollectedRecord {
  const launchedMs = instance.LaunchTime?.getTime();
  return {
    type: 'cartography.aws.ec2.Instance',
    value: {
      InstanceId: instanceId,
      Arn: ec2Arn(context, 'instance', instanceId),
      ReservationId: reservationId,
      PublicDnsName: instance.PublicDnsName ?? null,
      PrivateIpAddress: instance.PrivateIpAddress ?? null,
      PublicIpAddress: instance.PublicIpAddress ?? null,
      IPv6Address: primaryIpv6Address(instance),
      ImageId: instance.ImageId ?? null,
      InstanceType: instance.InstanceType ?? null,
      MonitoringState: instance.Monitoring?.State ?? null,
      State: instance.State?.Name ?? null,
      LaunchTime: launchedMs ?? null,
      LaunchTimeUnix: launchedMs === undefined ? null : `${Math.floor(launchedMs / 1000)}.0`,
      IamInstanceProfile: instance.IamInstanceProfile?.Arn ?? null,
      AvailabilityZone: instance.Placement?.AvailabilityZone ?? null,
      Tenancy: instance.Placement?.Tenancy ?? null,
      HostResourceGroupArn: instance.Placement?.HostResourceGroupArn ?? null,
      Platform: instance.Platform ?? null,
      Architecture: instance.Architecture ?? null,
      EbsOptimized: instance.EbsOptimized ?? null,
      BootMode: instance.BootMode ?? null,
      InstanceLifecycle: instance.InstanceLifecycle ?? null,
      HibernationOption: instance.HibernationOptions?.Configured ?? null,
      ...metadataOptions(instance.MetadataOptions ?? {}),
      EksClusterName: eksClusterName(instance.Tags ?? []),
      SubnetId: instance.SubnetId || null,
      SecurityGroupIds: [...new Set((instance.SecurityGroups ?? []).flatMap((group) => group.GroupId ?? []))],
      KeyPairArn: instance.KeyName ? ec2Arn(context, 'key-pair', instance.KeyName) : null,
      VolumeIds: [...new Set((instance.BlockDeviceMappings ?? []).flatMap((mapping) => mapping.Ebs?.VolumeId ?? []))],
    },
  };
}

/** The instance itself has no IPv6 address in AWS's answer; its primary interface (device 0) has a list. */
function primaryIpv6Address(instance: Instance): string | null {
  const primary = (instance.NetworkInterfaces ?? []).find((one) => one.Attachment?.DeviceIndex === 0);
  const addresses = primary?.Ipv6Addresses ?? [];
  return (addresses.find((one) => one.IsPrimaryIpv6) ?? addresses[0])?.Ipv6Address ?? null;
}

function metadataOptions(options: InstanceMetadataOptionsResponse) {
  const tokens = options.HttpTokens;
  return {
    MetadataHttpTokens: tokens ?? null,
    MetadataHttpPutResponseHopLimit: options.HttpPutResponseHopLimit ?? null,
    MetadataHttpEndpoint: options.HttpEndpoint ?? null,
    MetadataHttpProtocolIpv6: options.HttpProtocolIpv6 ?? null,
    MetadataInstanceTags: options.InstanceMetadataTags ?? null,
    ImdsAccessMode: tokens === 'required' ? 'v2_only' : tokens === 'optional' ? 'v1_or_v2' : null,
    ImdsV1Enabled: tokens ? tokens === 'optional' : null,
    ImdsV2Required: tokens ? tokens === 'required' : null,
  };
}

const CLUSTER_TAGS = new Set(['eks:cluster-name', 'alpha.eksctl.io/cluster-name']);
const CLUSTER_TAG_PREFIX = 'kubernetes.io/cluster/';

/** EKS, eksctl and self-managed node groups each tag in their own way; the first tag that gives a name counts. */
function eksClusterName(tags: readonly Tag[]): string | null {
  for (const { Key: key, Value: value } of tags) {
    if (key === undefined) continue;
    if (CLUSTER_TAGS.has(key) && value) return value;
    const name = key.startsWith(CLUSTER_TAG_PREFIX) ? key.split(CLUSTER_TAG_PREFIX).at(-1) : undefined;
    if (name) return name;
  }
  return null;
}
