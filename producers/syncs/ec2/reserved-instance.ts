import type { ReservedInstances } from '@aws-sdk/client-ec2';
import type { CollectedRecord, Sync } from '../../sync.ts';
import { dateText } from '../python-text.ts';
import { required } from '../required.ts';

/** Reserved Instances. AWS answers all of them at once. */
export const ec2ReservedInstance: Sync = {
  id: 'ec2:reserved_instances',
  scope: 'regional',
  records: ['cartography.aws.ec2.ReservedInstance'],
  actions: ['ec2:DescribeReservedInstances'],
  async *collect(context) {
    const { DescribeReservedInstancesCommand, EC2Client } = await import('@aws-sdk/client-ec2');
    const { ReservedInstances = [] } = await context
      .client(EC2Client)
      .send(new DescribeReservedInstancesCommand({}), { abortSignal: context.signal });
    for (const reserved of ReservedInstances) yield reservedRecord(reserved);
  },
};

function reservedRecord(reserved: ReservedInstances): CollectedRecord {
  return {
    type: 'cartography.aws.ec2.ReservedInstance',
    value: {
      ReservedInstancesId: required(
        reserved.ReservedInstancesId,
        'DescribeReservedInstances ReservedInstances.ReservedInstancesId',
      ),
      AvailabilityZone: reserved.AvailabilityZone ?? null,
      Duration: reserved.Duration ?? null,
      End: reserved.End ? dateText(reserved.End) : null,
      Start: reserved.Start ? dateText(reserved.Start) : null,
      InstanceCount: reserved.InstanceCount ?? null,
      InstanceType: reserved.InstanceType ?? null,
      ProductDescription: reserved.ProductDescription ?? null,
      State: reserved.State ?? null,
      CurrencyCode: reserved.CurrencyCode ?? null,
      InstanceTenancy: reserved.InstanceTenancy ?? null,
      OfferingClass: reserved.OfferingClass ?? null,
      OfferingType: reserved.OfferingType ?? null,
      Scope: reserved.Scope ?? null,
      FixedPrice: reserved.FixedPrice ?? null,
    },
  };
}
