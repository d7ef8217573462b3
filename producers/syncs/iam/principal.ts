import type { AttachedPolicy, PolicyDetail } from '@aws-sdk/client-iam';
import type { CollectedRecord } from '../../sync.ts';
import { dateText } from '../python-text.ts';
import { required } from '../required.ts';
import type { IamReader } from './iam-reader.ts';
import { statementRecords } from './policy-statements.ts';

interface PrincipalPolicies {
  /** Of inline and attached policies. */
  ids: string[];
  /** The inline policies and their statements; attached ones are shared and read by themselves. */
  records: CollectedRecord[];
}

/** The policies of a user, group or role. */
export function principalPolicies(
  reader: IamReader,
  principalArn: string,
  inline: readonly PolicyDetail[] = [],
  attached: readonly AttachedPolicy[] = [],
): PrincipalPolicies {
  const ids: string[] = [];
  const records: CollectedRecord[] = [];
  for (const { PolicyName, PolicyDocument } of inline) {
    const Name = required(PolicyName, 'GetAccountAuthorizationDetails PolicyName');
    const Id = `${principalArn}/inline_policy/${Name}`;
    ids.push(Id);
    records.push({ type: 'cartography.aws.iam.InlinePolicy', value: { Id, Name, Type: 'inline', Arn: null } });
    records.push(...statementRecords(reader.context, Id, PolicyDocument));
  }
  for (const { PolicyArn } of attached) {
    const arn = required(PolicyArn, 'GetAccountAuthorizationDetails AttachedManagedPolicies.PolicyArn');
    ids.push(arn);
    reader.attachedPolicyArns.add(arn);
  }
  return { ids, records };
}

/** The fields that records of users, groups, roles and access keys have in common. */
export function createdFields(created: Date | undefined): { CreateDate: number | null; CreateDateText: string | null } {
  return { CreateDate: created?.getTime() ?? null, CreateDateText: created ? dateText(created) : null };
}
