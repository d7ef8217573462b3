import type { UserDetail } from '@aws-sdk/client-iam';
import { GetAccessKeyLastUsedCommand, paginateListAccessKeys, paginateListMFADevices } from '@aws-sdk/client-iam';
import { allItems } from '../../aws/all-items.ts';
import type { CollectedRecord } from '../../sync.ts';
import { dateText } from '../python-text.ts';
import { readDetail } from '../read-detail.ts';
import { required } from '../required.ts';
import type { IamReader } from './iam-reader.ts';
import { createdFields } from './principal.ts';

const KEY = 'cartography.aws.iam.AccountAccessKey';
const KEY_USE = 'cartography.aws.iam.AccessKeyLastUsed';
const MFA_DEVICE = 'cartography.aws.iam.MfaDevice';

/** The user was deleted after it was listed. */
const gone = 'NoSuchEntityException';

/** Access keys and MFA devices of a user, which IAM tells of one user at a time only. */
export async function userCredentials(reader: IamReader, user: UserDetail): Promise<CollectedRecord[]> {
  const userArn = required(user.Arn, 'GetAccountAuthorizationDetails UserDetailList.Arn');
  const userName = required(user.UserName, 'GetAccountAuthorizationDetails UserDetailList.UserName');
  const [keys, devices] = await Promise.all([
    accessKeys(reader, userArn, userName),
    mfaDevices(reader, userArn, userName),
  ]);
  return [...keys, ...devices];
}

async function accessKeys(reader: IamReader, userArn: string, UserName: string): Promise<CollectedRecord[]> {
  const { context, client } = reader;
  const keys = await readDetail(
    context,
    'ListAccessKeys',
    () =>
      allItems(
        paginateListAccessKeys({ client }, { UserName }, { abortSignal: context.signal }),
        (page) => page.AccessKeyMetadata,
      ),
    { gone },
  );
  if (keys.kind === 'unread') for (const type of [KEY, KEY_USE]) context.withhold(type, keys.reason);
  if (keys.kind !== 'read') return [];

  const records: CollectedRecord[] = [];
  for (const { AccessKeyId, Status, CreateDate } of keys.value) {
    if (!AccessKeyId) continue;
    records.push({
      type: KEY,
      value: { AccessKeyId, ...createdFields(CreateDate), Status: Status ?? null, UserArn: userArn },
    });
    records.push(...(await lastUse(reader, AccessKeyId)));
  }
  return records;
}

async function lastUse({ context, client }: IamReader, AccessKeyId: string): Promise<CollectedRecord[]> {
  const read = () => client.send(new GetAccessKeyLastUsedCommand({ AccessKeyId }), { abortSignal: context.signal });
  const use = await readDetail(context, 'GetAccessKeyLastUsed', read, { gone });
  if (use.kind === 'unread') context.withhold(KEY_USE, use.reason, AccessKeyId);
  if (use.kind !== 'read') return [];
  const { LastUsedDate, ServiceName, Region } = use.value.AccessKeyLastUsed ?? {};
  const value = {
    AccessKeyId,
    LastUsedDate: LastUsedDate?.getTime() ?? null,
    // The reference turns the missing date into text as well.
    LastUsedDateText: LastUsedDate ? dateText(LastUsedDate) : 'None',
    LastUsedService: ServiceName ?? null,
    LastUsedRegion: Region ?? null,
  };
  return [{ type: KEY_USE, value }];
}

async function mfaDevices(reader: IamReader, userArn: string, UserName: string): Promise<CollectedRecord[]> {
  const { context, client } = reader;
  const devices = await readDetail(
    context,
    'ListMFADevices',
    () =>
      allItems(
        paginateListMFADevices({ client }, { UserName }, { abortSignal: context.signal }),
        (page) => page.MFADevices,
      ),
    { gone },
  );
  if (devices.kind === 'unread') context.withhold(MFA_DEVICE, devices.reason);
  if (devices.kind !== 'read') return [];
  return devices.value.map(({ SerialNumber, EnableDate, UserName: name }) => ({
    type: MFA_DEVICE,
    value: {
      SerialNumber: required(SerialNumber, 'ListMFADevices MFADevices.SerialNumber'),
      UserName: name ?? UserName,
      UserArn: userArn,
      EnableDate: EnableDate?.getTime() ?? null,
      EnableDateText: EnableDate ? dateText(EnableDate) : null,
    },
  }));
}
