import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Instance } from '@aws-sdk/client-ec2';
import { ec2Instance } from '../../../../producers/syncs/ec2/instance.ts';
import { collectAll } from '../../../support/collect.ts';

const collectInstances = (instances: Instance[]) =>
  collectAll(ec2Instance, {
    responses: {
      DescribeInstances: [{ Reservations: [{ ReservationId: 'r-1', OwnerId: '111122223333', Instances: instances }] }],
    },
  });

test("the instance's IPv6 address comes from device 0: the primary one, else the first", async () => {
  const device = (index: number, ...addresses: { Ipv6Address: string; IsPrimaryIpv6?: boolean }[]) => ({
    NetworkInterfaceId: `eni-${index}`,
    Attachment: { DeviceIndex: index },
    Ipv6Addresses: addresses,
  });
  const { of } = await collectInstances([
    {
      InstanceId: 'i-first',
      NetworkInterfaces: [
        device(1, { Ipv6Address: 'fd00::9' }),
        device(0, { Ipv6Address: 'fd00::1' }, { Ipv6Address: 'fd00::2' }),
      ],
    },
    {
      InstanceId: 'i-primary',
      NetworkInterfaces: [device(0, { Ipv6Address: 'fd00::3' }, { Ipv6Address: 'fd00::4', IsPrimaryIpv6: true })],
    },
    {
      InstanceId: 'i-none',
      NetworkInterfaces: [device(0), device(1, { Ipv6Address: 'fd00::5', IsPrimaryIpv6: true })],
    },
  ]);

  assert.deepEqual(
    of('ec2.Instance').map((one) => one['IPv6Address']),
    ['fd00::1', 'fd00::4', null],
  );
});

test('the first tag that names a cluster gives the cluster', async () => {
  const tagged: [string, string][][] = [
    [
      ['Name', 'x'],
      ['eks:cluster-name', ''],
      ['alpha.eksctl.io/cluster-name', 'eksctl'],
      ['eks:cluster-name', 'later'],
    ],
    [
      ['kubernetes.io/cluster/', 'owned'],
      ['kubernetes.io/cluster/self', ''],
    ],
    [
      ['not-kubernetes.io/cluster/x', 'owned'],
      ['eks:cluster-names', 'x'],
    ],
  ];
  const { of } = await collectInstances(
    tagged.map((tags, index) => ({ InstanceId: `i-${index}`, Tags: tags.map(([Key, Value]) => ({ Key, Value })) })),
  );

  assert.deepEqual(
    of('ec2.Instance').map((one) => one['EksClusterName']),
    ['eksctl', 'self', null],
  );
});

test('the metadata service is judged by its token setting, and not at all without one', async () => {
  const { of } = await collectInstances([
    { InstanceId: 'i-1', MetadataOptions: { HttpTokens: 'optional' } },
    { InstanceId: 'i-2', MetadataOptions: { HttpEndpoint: 'disabled' } },
  ]);

  assert.deepEqual(
    of('ec2.Instance').map((one) => [
      one['ImdsAccessMode'],
      one['ImdsV1Enabled'],
      one['ImdsV2Required'],
      one['MetadataHttpEndpoint'],
    ]),
    [
      ['v1_or_v2', true, false, null],
      [null, null, null, 'disabled'],
    ],
  );
});

test("ARNs carry the scope's partition", async () => {
  const answer = { Reservations: [{ ReservationId: 'r-1', Instances: [{ InstanceId: 'i-1', KeyName: 'ops' }] }] };
  const { of } = await collectAll(ec2Instance, {
    responses: { DescribeInstances: [answer] },
    context: { partition: 'aws-us-gov', region: 'us-gov-west-1' },
  });

  assert.deepEqual(
    of('ec2.Instance').map((one) => [one['Arn'], one['KeyPairArn']]),
    [
      [
        'arn:aws-us-gov:ec2:us-gov-west-1:111122223333:instance/i-1',
        'arn:aws-us-gov:ec2:us-gov-west-1:111122223333:key-pair/ops',
      ],
    ],
  );
});
