import type { UserDetail } from '@aws-sdk/client-iam';
import { paginateListUsers } from '@aws-sdk/client-iam';
import type { CollectedRecord } from '../../sync.ts';
import { mapConcurrently } from '../map-concurrently.ts';
import { dateText } from '../python-text.ts';
import { required } from '../required.ts';
import type { IamReader } from './iam-reader.ts';
import { authorizationDetails } from './iam-reader.ts';
import { createdFields, principalPolicies } from './principal.ts';
import { userCredentials } from './user-credentials.ts';

/** Of one user at a time two calls and one more for each access key; IAM allows few calls a second. */
const USERS_AT_ONCE = 10;

/** Users, their groups, policies, access keys and MFA devices. */
export async function* collectUsers(reader: IamReader): AsyncGenerator<CollectedRecord> {
  const lastSignIns = await readLastSignIns(reader);
  for await (const page of authorizationDetails(reader, 'User')) {
    const users = page.UserDetailList ?? [];
    for (const user of users) yield* userRecords(reader, user, lastSignIns);
    for await (const records of mapConcurrently(users, USERS_AT_ONCE, (user) => userCredentials(reader, user))) {
      yield* records;
    }
  }
}

/** By ARN: when users last signed in with their password, which only ListUsers tells. An account has at most 5,000 users. */
async function readLastSignIns({ context, client }: IamReader): Promise<Map<string, Date>> {
  const lastSignIns = new Map<string, Date>();
  const pages = paginateListUsers({ client, pageSize: 1000 }, {}, { abortSignal: context.signal });
  for await (const page of pages) {
    for (const { Arn, PasswordLastUsed } of page.Users ?? []) {
      if (Arn !== undefined && PasswordLastUsed !== undefined) lastSignIns.set(Arn, PasswordLastUsed);
    }
  }
  return lastSignIns;
}

function* userRecords(
  reader: IamReader,
  user: UserDetail,
  lastSignIns: ReadonlyMap<string, Date>,
): Iterable<CollectedRecord> {
  const Arn = required(user.Arn, 'GetAccountAuthorizationDetails UserDetailList.Arn');
  reader.principals.push({ type: 'cartography.aws.iam.UserLastAccessed', arn: Arn });
  const policies = principalPolicies(reader, Arn, user.UserPolicyList, user.AttachedManagedPolicies);
  const lastSignIn = lastSignIns.get(Arn);
  yield {
    type: 'cartography.aws.iam.User',
    value: {
      Arn,
      UserId: user.UserId ?? null,
      UserName: user.UserName ?? null,
      Path: user.Path ?? null,
      ...createdFields(user.CreateDate),
      PasswordLastUsed: lastSignIn?.getTime() ?? null,
      PasswordLastUsedText: lastSignIn ? dateText(lastSignIn) : '',
      GroupArns: (user.GroupList ?? []).flatMap((name) => reader.groupArns.get(name) ?? []),
      PolicyIds: policies.ids,
    },
  };
  yield* policies.records;
}
