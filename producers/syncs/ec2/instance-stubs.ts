import type { Instance } from '@aws-sdk/client-ec2';
import type { CollectedRecord, SyncContext } from '../../sync.ts';
import { isNew } from '../is-new.ts';
import { ec2Arn } from './arn.ts';

/**
 * What an instance shares with others, subnets, security groups and key pairs, so that its edges have an end even where the
 * syncs of those were not requested: each once per scope.
 */
export function stubCollector(context: SyncContext): (instance: Instance) => Iterable<CollectedRecord> {
  const seen = new Set<string>();

  return function* collectStubs(instance) {
    if (instance.SubnetId && isNew(seen, instance.SubnetId)) {
      yield { type: 'cartography.aws.ec2.InstanceSubnet', value: { SubnetId: instance.SubnetId } };
    }
    for (const { GroupId } of instance.SecurityGroups ?? []) {
      if (GroupId && isNew(seen, GroupId))
        yield { type: 'cartography.aws.ec2.InstanceSecurityGroup', value: { GroupId } };
    }
    if (instance.KeyName) {
      const KeyPairArn = ec2Arn(context, 'key-pair', instance.KeyName);
      if (isNew(seen, KeyPairArn)) {
        yield { type: 'cartography.aws.ec2.InstanceKeyPair', value: { KeyPairArn, KeyName: instance.KeyName } };
      }
    }
  };
}
