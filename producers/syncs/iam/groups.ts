import type { CollectedRecord } from '../../sync.ts';
import { required } from '../required.ts';
import type { IamReader } from './iam-reader.ts';
import { authorizationDetails } from './iam-reader.ts';
import { createdFields, principalPolicies } from './principal.ts';

/** Groups and their policies. Notes their ARNs for the users. */
export async function* collectGroups(reader: IamReader): AsyncGenerator<CollectedRecord> {
  for await (const page of authorizationDetails(reader, 'Group')) {
    for (const group of page.GroupDetailList ?? []) {
      const Arn = required(group.Arn, 'GetAccountAuthorizationDetails GroupDetailList.Arn');
      reader.principals.push({ type: 'cartography.aws.iam.GroupLastAccessed', arn: Arn });
      if (group.GroupName !== undefined) reader.groupArns.set(group.GroupName, Arn);
      const policies = principalPolicies(reader, Arn, group.GroupPolicyList, group.AttachedManagedPolicies);
      yield {
        type: 'cartography.aws.iam.Group',
        value: {
          Arn,
          GroupId: group.GroupId ?? null,
          GroupName: group.GroupName ?? null,
          Path: group.Path ?? null,
          ...createdFields(group.CreateDate),
          PolicyIds: policies.ids,
        },
      };
      yield* policies.records;
    }
  }
}
