import type { CollectedRecord } from '../../sync.ts';
import { required } from '../required.ts';
import type { IamReader } from './iam-reader.ts';
import { authorizationDetails } from './iam-reader.ts';
import { statementRecords } from './policy-statements.ts';

/** The managed policies that a principal has attached, of the account and of AWS, in their default version. */
export async function* collectManagedPolicies(reader: IamReader): AsyncGenerator<CollectedRecord> {
  if (reader.attachedPolicyArns.size === 0) return;
  for await (const page of authorizationDetails(reader, 'LocalManagedPolicy', 'AWSManagedPolicy')) {
    for (const policy of page.Policies ?? []) {
      const Arn = required(policy.Arn, 'GetAccountAuthorizationDetails Policies.Arn');
      if (!reader.attachedPolicyArns.has(Arn)) continue;
      const Name = Arn.slice(Arn.lastIndexOf('/') + 1);
      yield { type: 'cartography.aws.iam.ManagedPolicy', value: { Arn, Name, Type: 'managed' } };
      const version = policy.PolicyVersionList?.find((one) => one.IsDefaultVersion);
      yield* statementRecords(reader.context, Arn, version?.Document);
    }
  }
}
