import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ec2NetworkAcls } from '../../../../producers/syncs/ec2/network-acl.ts';
import { collectAll } from '../../../support/collect.ts';

const arn = 'arn:aws:ec2:eu-west-1:111122223333:network-acl/acl-1';

test('a list yields itself with all its subnets, and its rules by direction', async () => {
  const { records } = await collectAll(ec2NetworkAcls, {
    responses: {
      DescribeNetworkAcls: [
        {
          NetworkAcls: [
            {
              NetworkAclId: 'acl-1',
              IsDefault: true,
              VpcId: 'vpc-1',
              OwnerId: '111122223333',
              Associations: [{ SubnetId: 'subnet-1' }, { SubnetId: 'subnet-2' }],
              Entries: [
                {
                  CidrBlock: '0.0.0.0/0',
                  Egress: false,
                  PortRange: { From: 443, To: 444 },
                  Protocol: '6',
                  RuleAction: 'allow',
                  RuleNumber: 100,
                },
                { Ipv6CidrBlock: '::/0', Egress: true, Protocol: '-1', RuleAction: 'deny', RuleNumber: 32768 },
              ],
            },
          ],
        },
      ],
    },
  });

  assert.deepEqual(records, [
    {
      type: 'cartography.aws.ec2.NetworkAcl',
      value: {
        Arn: arn,
        NetworkAclId: 'acl-1',
        IsDefault: true,
        VpcId: 'vpc-1',
        SubnetIds: ['subnet-1', 'subnet-2'],
      },
    },
    {
      type: 'cartography.aws.ec2.NetworkAclInboundRule',
      value: {
        Id: 'acl-1/inbound/100',
        NetworkAclId: 'acl-1',
        NetworkAclArn: arn,
        Protocol: '6',
        FromPort: 443,
        ToPort: 444,
        CidrBlock: '0.0.0.0/0',
        Ipv6CidrBlock: null,
        Egress: false,
        RuleNumber: 100,
        RuleAction: 'allow',
      },
    },
    {
      type: 'cartography.aws.ec2.NetworkAclEgressRule',
      value: {
        Id: 'acl-1/egress/32768',
        NetworkAclId: 'acl-1',
        NetworkAclArn: arn,
        Protocol: '-1',
        FromPort: null,
        ToPort: null,
        CidrBlock: null,
        Ipv6CidrBlock: '::/0',
        Egress: true,
        RuleNumber: 32768,
        RuleAction: 'deny',
      },
    },
  ]);
});

test('lists of all pages are read, also those without subnets and rules', async () => {
  const { of, calls } = await collectAll(ec2NetworkAcls, {
    responses: {
      DescribeNetworkAcls: [
        { NetworkAcls: [{ NetworkAclId: 'acl-1' }], NextToken: 'more' },
        { NetworkAcls: [{ NetworkAclId: 'acl-2', Associations: [], Entries: [] }] },
      ],
    },
  });

  assert.deepEqual(
    of('ec2.NetworkAcl').map((one) => [one['NetworkAclId'], one['IsDefault'], one['SubnetIds']]),
    [
      ['acl-1', null, []],
      ['acl-2', null, []],
    ],
  );
  assert.equal(calls.length, 2);
});

test('a rule without its number ends the scope with an error', async () => {
  const collected = collectAll(ec2NetworkAcls, {
    responses: { DescribeNetworkAcls: [{ NetworkAcls: [{ NetworkAclId: 'acl-1', Entries: [{ Egress: true }] }] }] },
  });

  await assert.rejects(collected, { code: 'CS_RECORD', message: /Entries\.RuleNumber/ });
});
