import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ec2ReservedInstance } from '../../../../producers/syncs/ec2/reserved-instance.ts';
import { collectAll } from '../../../support/collect.ts';
import { awsError } from '../../../support/fake-aws.ts';

const reserved = {
  ReservedInstancesId: '649fd0c8-5d76-4881-a522-fe5224c10fcc',
  AvailabilityZone: 'eu-west-1a',
  Duration: 94_608_000,
  End: new Date('2027-01-30T09:30:00.000Z'),
  Start: new Date('2024-01-31T09:30:00.750Z'),
  InstanceCount: 3,
  InstanceType: 'm5.large',
  ProductDescription: 'Linux/UNIX',
  State: 'active',
  CurrencyCode: 'USD',
  InstanceTenancy: 'default',
  OfferingClass: 'convertible',
  OfferingType: 'Partial Upfront',
  Scope: 'Availability Zone',
  FixedPrice: 1287.5,
};

test('Reserved Instances yield the fields that AWS gives, with dates as text', async () => {
  const ReservedInstances = [{ ...reserved, UsagePrice: 0, RecurringCharges: [{ Amount: 0.05 }], Tags: [] }];
  const { records, calls } = await collectAll(ec2ReservedInstance, {
    responses: { DescribeReservedInstances: [{ ReservedInstances }] },
  });

  assert.deepEqual(records, [
    {
      type: 'cartography.aws.ec2.ReservedInstance',
      value: { ...reserved, End: '2027-01-30 09:30:00+00:00', Start: '2024-01-31 09:30:00.750000+00:00' },
    },
  ]);
  assert.deepEqual(
    calls.map(({ input }) => input),
    [{}],
  );
});

test('what AWS leaves out is null', async () => {
  const { of } = await collectAll(ec2ReservedInstance, {
    responses: { DescribeReservedInstances: [{ ReservedInstances: [{ ReservedInstancesId: 'r', FixedPrice: 0 }] }] },
  });

  const nothing = Object.fromEntries(Object.keys(reserved).map((name) => [name, null]));
  assert.deepEqual(of('ec2.ReservedInstance'), [{ ...nothing, ReservedInstancesId: 'r', FixedPrice: 0 }]);
});

test('a region without Reserved Instances yields nothing', async () => {
  const { records } = await collectAll(ec2ReservedInstance, { responses: { DescribeReservedInstances: [{}] } });

  assert.deepEqual(records, []);
});

test('when they may not be described, the scope ends with that', async () => {
  const collected = collectAll(ec2ReservedInstance, {
    responses: { DescribeReservedInstances: [awsError('UnauthorizedOperation')] },
  });

  await assert.rejects(collected, { name: 'UnauthorizedOperation' });
});

test('Reserved Instances without their id end the scope with an error', async () => {
  const collected = collectAll(ec2ReservedInstance, {
    responses: { DescribeReservedInstances: [{ ReservedInstances: [{ InstanceCount: 1 }] }] },
  });

  await assert.rejects(collected, { code: 'CS_RECORD', message: /ReservedInstances\.ReservedInstancesId/ });
});
