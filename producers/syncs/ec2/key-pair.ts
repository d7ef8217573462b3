import type { KeyPairInfo } from '@aws-sdk/client-ec2';
import type { CollectedRecord, Sync, SyncContext } from '../../sync.ts';
import { required } from '../required.ts';
import { ec2Arn } from './arn.ts';

/** Key pairs: names and fingerprints. AWS answers all of them at once. */
export const ec2KeyPair: Sync = {
  id: 'ec2:keypair',
  scope: 'regional',
  records: ['cartography.aws.ec2.KeyPair'],
  actions: ['ec2:DescribeKeyPairs'],
  async *collect(context) {
    const { DescribeKeyPairsCommand, EC2Client } = await import('@aws-sdk/client-ec2');
    const { KeyPairs = [] } = await context
      .client(EC2Client)
      .send(new DescribeKeyPairsCommand({}), { abortSignal: context.signal });
    for (const keyPair of KeyPairs) yield keyPairRecord(context, keyPair);
  },
};

function keyPairRecord(context: SyncContext, keyPair: KeyPairInfo): CollectedRecord {
  const KeyName = required(keyPair.KeyName, 'DescribeKeyPairs KeyPairs.KeyName');
  return {
    type: 'cartography.aws.ec2.KeyPair',
    value: {
      KeyPairArn: ec2Arn(context, 'key-pair', KeyName),
      KeyName,
      KeyFingerprint: keyPair.KeyFingerprint ?? null,
    },
  };
}
