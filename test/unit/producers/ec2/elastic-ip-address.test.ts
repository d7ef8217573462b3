import assert from 'node:assert/strict';
import { test } from 'node:test';
import { elasticIpAddress } from '../../../../producers/syncs/ec2/elastic-ip-address.ts';
import { collectAll } from '../../../support/collect.ts';
import { awsError } from '../../../support/fake-aws.ts';

const address = {
  PublicIp: '203.0.113.7',
  InstanceId: 'i-1',
  AllocationId: 'eipalloc-1',
  AssociationId: 'eipassoc-1',
  Domain: 'vpc',
  NetworkInterfaceId: 'eni-1',
  NetworkInterfaceOwnerId: '111122223333',
  PrivateIpAddress: '10.0.1.5',
  PublicIpv4Pool: 'amazon',
  NetworkBorderGroup: 'eu-west-1',
  CustomerOwnedIp: '192.0.2.1',
  CustomerOwnedIpv4Pool: 'ipv4pool-coip-1',
  CarrierIp: '155.146.0.1',
};
const nothing = {
  ...Object.fromEntries(Object.keys(address).map((name) => [name, null])),
  AssociatedInstanceId: null,
};

test('an address is known by itself and yields the fields that AWS gives', async () => {
  const { records, calls } = await collectAll(elasticIpAddress, {
    responses: { DescribeAddresses: [{ Addresses: [{ ...address, Tags: [], SubnetId: 'subnet-1' }] }] },
  });

  assert.deepEqual(records, [
    {
      type: 'cartography.aws.ec2.ElasticIpAddress',
      value: { Id: '203.0.113.7', ...address, AssociatedInstanceId: 'i-1' },
    },
  ]);
  assert.deepEqual(
    calls.map(({ input }) => input),
    [{}],
  );
});

test('an address without a public one is known by its allocation', async () => {
  const carrier = { AllocationId: 'eipalloc-2', CarrierIp: '155.146.0.2', Domain: 'vpc' };
  const { of } = await collectAll(elasticIpAddress, { responses: { DescribeAddresses: [{ Addresses: [carrier] }] } });

  assert.deepEqual(of('ec2.ElasticIpAddress'), [{ ...nothing, Id: 'eipalloc-2', ...carrier }]);
});

test('an empty instance id, which free addresses have, is no instance', async () => {
  const { of } = await collectAll(elasticIpAddress, {
    responses: { DescribeAddresses: [{ Addresses: [{ PublicIp: '203.0.113.8', InstanceId: '' }] }] },
  });

  assert.deepEqual(of('ec2.ElasticIpAddress'), [
    { ...nothing, Id: '203.0.113.8', PublicIp: '203.0.113.8', InstanceId: '' },
  ]);
});

test('a region without addresses yields nothing', async () => {
  const { records } = await collectAll(elasticIpAddress, { responses: { DescribeAddresses: [{}] } });

  assert.deepEqual(records, []);
});

test('when addresses may not be described, the scope ends with that', async () => {
  const collected = collectAll(elasticIpAddress, {
    responses: { DescribeAddresses: [awsError('UnauthorizedOperation')] },
  });

  await assert.rejects(collected, { name: 'UnauthorizedOperation' });
});

test('an address with neither id ends the scope with an error', async () => {
  const collected = collectAll(elasticIpAddress, {
    responses: { DescribeAddresses: [{ Addresses: [{ Domain: 'vpc' }] }] },
  });

  await assert.rejects(collected, { code: 'CS_RECORD', message: /DescribeAddresses Addresses\.AllocationId/ });
});
