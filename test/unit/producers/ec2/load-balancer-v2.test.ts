import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ec2LoadBalancerV2 } from '../../../../producers/syncs/ec2/load-balancer-v2.ts';
import { collectAll } from '../../../support/collect.ts';
import { awsError } from '../../../support/fake-aws.ts';

const arnOf = (resource: string) => `arn:aws:elasticloadbalancing:eu-west-1:111122223333:${resource}`;

const web = {
  LoadBalancerArn: arnOf('loadbalancer/app/Web/1'),
  DNSName: 'Web-1.eu-west-1.elb.amazonaws.com',
  CanonicalHostedZoneId: 'Z1',
  CreatedTime: new Date('2024-01-31T09:30:00Z'),
  LoadBalancerName: 'Web',
  Scheme: 'internet-facing',
  Type: 'application',
  AvailabilityZones: [{ SubnetId: 'subnet-1' }, { SubnetId: 'subnet-2' }, {}],
  SecurityGroups: ['sg-1'],
};

function group(name: string, type: string, ...balancers: { LoadBalancerArn: string }[]) {
  return {
    TargetGroupArn: arnOf(`targetgroup/${name}`),
    TargetGroupName: name,
    TargetType: type,
    Protocol: 'HTTP',
    Port: 8080,
    VpcId: 'vpc-1',
    LoadBalancerArns: balancers.map(({ LoadBalancerArn }) => LoadBalancerArn),
  };
}

function health(...ids: string[]) {
  return { TargetHealthDescriptions: ids.map((Id) => ({ Target: { Id, Port: 80 } })) };
}

function collectBalancers(responses: object) {
  const nothing = {
    DescribeLoadBalancers: [{ LoadBalancers: [web] }],
    DescribeTargetGroups: [{}],
    DescribeListeners: () => ({}),
  };
  return collectAll(ec2LoadBalancerV2, { responses: { ...nothing, ...responses } });
}

test('a load balancer yields itself, its listeners, its targets and its target groups', async () => {
  const { records, withheld } = await collectBalancers({
    DescribeListeners: [
      {
        Listeners: [
          {
            ListenerArn: arnOf('listener/app/Web/1/2'),
            Port: 443,
            Protocol: 'HTTPS',
            SslPolicy: 'ELBSecurityPolicy-2016-08',
            DefaultActions: [
              { Type: 'authenticate-oidc' },
              { Type: 'forward', TargetGroupArn: arnOf('targetgroup/web') },
            ],
            MutualAuthentication: {
              Mode: 'verify',
              TrustStoreArn: arnOf('truststore/1'),
              IgnoreClientCertificateExpiry: false,
              TrustStoreAssociationStatus: 'active',
              AdvertiseTrustStoreCaNames: 'on',
            },
          },
        ],
      },
    ],
    DescribeTargetGroups: [{ TargetGroups: [group('web', 'instance', web)] }],
    DescribeTargetHealth: [health('i-1', 'i-1', 'i-2')],
  });

  const edge = { Port: 8080, Protocol: 'HTTP', TargetGroupArn: arnOf('targetgroup/web') };
  assert.deepEqual(records, [
    {
      type: 'cartography.aws.ec2.LoadBalancerV2',
      value: {
        DNSName: 'Web-1.eu-west-1.elb.amazonaws.com',
        LowerCaseDNSName: 'web-1.eu-west-1.elb.amazonaws.com',
        LoadBalancerArn: web.LoadBalancerArn,
        LoadBalancerName: 'Web',
        CanonicalHostedZoneId: 'Z1',
        Type: 'application',
        Scheme: 'internet-facing',
        CreatedTime: '2024-01-31 09:30:00+00:00',
        SecurityGroupIds: ['sg-1'],
        SubnetIds: ['subnet-1', 'subnet-2'],
      },
    },
    {
      type: 'cartography.aws.ec2.LoadBalancerV2Listener',
      value: {
        ListenerArn: arnOf('listener/app/Web/1/2'),
        LoadBalancerId: web.DNSName,
        Port: 443,
        Protocol: 'HTTPS',
        SslPolicy: 'ELBSecurityPolicy-2016-08',
        TargetGroupArn: arnOf('targetgroup/web'),
        MutualAuthenticationMode: 'verify',
        TrustStoreArn: arnOf('truststore/1'),
        IgnoreClientCertificateExpiry: false,
        TrustStoreAssociationStatus: 'active',
        AdvertiseTrustStoreCaNames: 'on',
      },
    },
    {
      type: 'cartography.aws.ec2.LoadBalancerV2Targets',
      value: {
        DNSName: web.DNSName,
        InstanceTargets: [
          { TargetId: 'i-1', ...edge },
          { TargetId: 'i-2', ...edge },
        ],
        LambdaTargets: [],
        LoadBalancerTargets: [],
        SubResourceLabel: 'AWSAccount',
      },
    },
    {
      type: 'cartography.aws.ec2.TargetGroup',
      value: {
        TargetGroupArn: arnOf('targetgroup/web'),
        TargetGroupName: 'web',
        TargetType: 'instance',
        Protocol: 'HTTP',
        Port: 8080,
        VpcId: 'vpc-1',
        LoadBalancerIds: [web.DNSName],
      },
    },
  ]);
  assert.deepEqual(withheld, []);
});

test('targets are told apart by type, a function loses its alias, addresses are left to the other sync', async () => {
  const lambda = 'arn:aws:lambda:eu-west-1:111122223333:function:hello';
  const inner = arnOf('loadbalancer/app/Inner/2');
  const targets: Record<string, string[]> = { hello: [`${lambda}:live`], inner: [inner], pods: ['10.0.0.1'] };
  const { of } = await collectBalancers({
    DescribeTargetGroups: [
      { TargetGroups: [group('hello', 'lambda', web)], NextMarker: 'more' },
      { TargetGroups: [group('inner', 'alb', web), group('pods', 'ip', web), group('unused', 'instance')] },
    ],
    DescribeTargetHealth: ({ TargetGroupArn }: { TargetGroupArn: string }) =>
      health(...targets[TargetGroupArn.split('/')[1]!]!),
  });

  const record = of('ec2.LoadBalancerV2Targets')[0]!;
  const idsOf = (field: string) => (record[field] as { TargetId: string }[]).map(({ TargetId }) => TargetId);
  assert.deepEqual(
    [idsOf('InstanceTargets'), idsOf('LambdaTargets'), idsOf('LoadBalancerTargets')],
    [[], [lambda], [inner]],
  );
  assert.deepEqual(
    of('ec2.TargetGroup').map((one) => one['TargetGroupName']),
    ['hello', 'inner', 'pods'],
  );
});

test('a target of two target groups is one target, of the later one', async () => {
  const { of } = await collectBalancers({
    DescribeTargetGroups: [{ TargetGroups: [group('blue', 'instance', web), group('green', 'instance', web)] }],
    DescribeTargetHealth: () => health('i-1'),
  });

  assert.deepEqual(
    (of('ec2.LoadBalancerV2Targets')[0]!['InstanceTargets'] as { TargetGroupArn: string }[]).map((one) => [
      one.TargetGroupArn,
    ]),
    [[arnOf('targetgroup/green')]],
  );
});

test('all pages are read; a Gateway Load Balancer has no DNS name and no node', async () => {
  const other = { LoadBalancerArn: arnOf('loadbalancer/net/b/2'), DNSName: 'b' };
  const { of, calls } = await collectBalancers({
    DescribeLoadBalancers: [
      { LoadBalancers: [web, { LoadBalancerArn: arnOf('loadbalancer/gwy/c/3'), Type: 'gateway' }], NextMarker: 'more' },
      { LoadBalancers: [other] },
    ],
    DescribeListeners: ({ LoadBalancerArn, Marker }: { LoadBalancerArn: string; Marker?: string }) =>
      LoadBalancerArn === web.LoadBalancerArn
        ? { Listeners: [{ ListenerArn: Marker ?? 'first' }], ...(Marker ? {} : { NextMarker: 'second' }) }
        : { Listeners: [] },
  });

  assert.deepEqual(
    of('ec2.LoadBalancerV2').map((one) => one['DNSName']),
    [web.DNSName, 'b'],
  );
  assert.deepEqual(
    of('ec2.LoadBalancerV2Listener').map((one) => [one['ListenerArn'], one['TargetGroupArn']]),
    [
      ['first', null],
      ['second', null],
    ],
  );
  assert.equal(calls.filter(({ operation }) => operation === 'DescribeListeners').length, 3);
});

test('denied details are withheld, each as narrowly as its ids are known', async () => {
  const { records, withheld } = await collectBalancers({
    DescribeListeners: [awsError('AccessDenied')],
    DescribeTargetGroups: [{ TargetGroups: [group('web', 'instance', web), group('blue', 'instance', web)] }],
    DescribeTargetHealth: [awsError('AccessDenied'), health('i-1')],
  });

  assert.deepEqual(
    records.map(({ type }) => type),
    ['cartography.aws.ec2.LoadBalancerV2', 'cartography.aws.ec2.TargetGroup', 'cartography.aws.ec2.TargetGroup'],
  );
  assert.deepEqual(
    withheld.map(({ type, nodeId }) => [type, nodeId]),
    [
      ['cartography.aws.ec2.LoadBalancerV2Targets', web.DNSName],
      ['cartography.aws.ec2.LoadBalancerV2Listener', undefined],
    ],
  );
});

test('denied target groups withhold them and the targets, and the load balancers are there', async () => {
  const { records, withheld } = await collectBalancers({ DescribeTargetGroups: [awsError('AccessDenied')] });

  assert.deepEqual(
    records.map(({ type }) => type),
    ['cartography.aws.ec2.LoadBalancerV2'],
  );
  assert.deepEqual(
    withheld.map(({ type, nodeId }) => [type, nodeId]),
    [
      ['cartography.aws.ec2.LoadBalancerV2Targets', undefined],
      ['cartography.aws.ec2.TargetGroup', undefined],
    ],
  );
});

test('what was deleted after it was listed is left out', async () => {
  const { records, withheld } = await collectBalancers({
    DescribeListeners: [awsError('LoadBalancerNotFoundException')],
    DescribeTargetGroups: [{ TargetGroups: [group('web', 'instance', web)] }],
    DescribeTargetHealth: [awsError('TargetGroupNotFoundException')],
  });

  assert.deepEqual([records, withheld], [[], []]);
});
