import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ec2LoadBalancer } from '../../../../producers/syncs/ec2/load-balancer.ts';
import { collectAll } from '../../../support/collect.ts';

const balancer = {
  LoadBalancerName: 'Web',
  DNSName: 'Web-1.eu-west-1.elb.amazonaws.com',
  CanonicalHostedZoneName: 'Web-1.eu-west-1.elb.amazonaws.com',
  CanonicalHostedZoneNameID: 'Z1',
  ListenerDescriptions: [
    {
      Listener: { Protocol: 'HTTPS', LoadBalancerPort: 443, InstanceProtocol: 'HTTP', InstancePort: 8080 },
      PolicyNames: ['tls'],
    },
  ],
  Instances: [{ InstanceId: 'i-1' }, { InstanceId: 'i-1' }],
  SourceSecurityGroup: { OwnerAlias: '111122223333', GroupName: 'web' },
  SecurityGroups: ['sg-1', 'sg-2'],
  CreatedTime: new Date('2024-01-31T09:30:00.120Z'),
  Scheme: 'internet-facing',
};

test('a load balancer yields itself under its DNS name, and its listeners', async () => {
  const { records } = await collectAll(ec2LoadBalancer, {
    responses: { DescribeLoadBalancers: [{ LoadBalancerDescriptions: [balancer] }] },
  });

  assert.deepEqual(records, [
    {
      type: 'cartography.aws.ec2.LoadBalancer',
      value: {
        DNSName: 'Web-1.eu-west-1.elb.amazonaws.com',
        LowerCaseDNSName: 'web-1.eu-west-1.elb.amazonaws.com',
        LoadBalancerName: 'Web',
        CanonicalHostedZoneName: 'Web-1.eu-west-1.elb.amazonaws.com',
        CanonicalHostedZoneNameID: 'Z1',
        Scheme: 'internet-facing',
        CreatedTime: '2024-01-31 09:30:00.120000+00:00',
        SourceSecurityGroupName: 'web',
        SecurityGroupIds: ['sg-1', 'sg-2'],
        InstanceIds: ['i-1'],
      },
    },
    {
      type: 'cartography.aws.ec2.LoadBalancerListener',
      value: {
        Id: 'Web-1.eu-west-1.elb.amazonaws.com443HTTPS',
        LoadBalancerId: 'Web-1.eu-west-1.elb.amazonaws.com',
        LoadBalancerPort: 443,
        Protocol: 'HTTPS',
        InstancePort: 8080,
        InstanceProtocol: 'HTTP',
        PolicyNames: ['tls'],
      },
    },
  ]);
});

test('load balancers of all pages are read, also those without listeners and instances', async () => {
  const { records, calls } = await collectAll(ec2LoadBalancer, {
    responses: {
      DescribeLoadBalancers: [
        { LoadBalancerDescriptions: [{ DNSName: 'a' }], NextMarker: 'more' },
        { LoadBalancerDescriptions: [{ DNSName: 'b', ListenerDescriptions: [], Instances: [] }] },
      ],
    },
  });

  assert.deepEqual(
    records.map(({ value }) => [value['DNSName'], value['CreatedTime'], value['InstanceIds']]),
    [
      ['a', null, []],
      ['b', null, []],
    ],
  );
  assert.deepEqual(
    calls.map(({ input }) => input['Marker']),
    [undefined, 'more'],
  );
});

test('a load balancer without its DNS name ends the scope with an error', async () => {
  const collected = collectAll(ec2LoadBalancer, {
    responses: { DescribeLoadBalancers: [{ LoadBalancerDescriptions: [{ LoadBalancerName: 'web' }] }] },
  });

  await assert.rejects(collected, { code: 'CS_RECORD', message: /LoadBalancerDescriptions\.DNSName/ });
});
