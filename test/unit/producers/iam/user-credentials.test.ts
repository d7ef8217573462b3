import assert from 'node:assert/strict';
import { test } from 'node:test';
import { iam } from '../../../../producers/syncs/iam/iam.ts';
import type { Responses } from '../../../support/collect.ts';
import { collectAll } from '../../../support/collect.ts';
import { iamError, iamResponses } from '../../../support/iam-account.ts';

const arn = (name: string) => `arn:aws:iam::111122223333:user/${name}`;
const CreateDate = new Date('2024-01-31T09:30:00Z');
const used = { LastUsedDate: new Date('2024-02-01T00:00:00Z'), ServiceName: 's3', Region: 'eu-west-1' };

/** An account with these users, and access keys as the answers say. */
async function collectUsers(names: string[], responses: Responses) {
  const users = [names.map((name) => ({ UserName: name, Arn: arn(name) }))];
  return collectAll(iam, { responses: iamResponses({ users, responses }) });
}

test('an access key yields itself and its last use', async () => {
  const { of } = await collectUsers(['u'], {
    ListAccessKeys: [
      {
        AccessKeyMetadata: [{ UserName: 'u', AccessKeyId: 'AKIA1', Status: 'Active', CreateDate }],
        IsTruncated: true,
        Marker: 'm',
      },
      { AccessKeyMetadata: [{ UserName: 'u', AccessKeyId: 'AKIA2', Status: 'Inactive', CreateDate }] },
    ],
    GetAccessKeyLastUsed: [
      { UserName: 'u', AccessKeyLastUsed: used },
      { UserName: 'u', AccessKeyLastUsed: { ServiceName: 'N/A', Region: 'N/A' } },
    ],
  });
  const created = { CreateDate: CreateDate.getTime(), CreateDateText: '2024-01-31 09:30:00+00:00' };

  assert.deepEqual(of('iam.AccountAccessKey'), [
    { AccessKeyId: 'AKIA1', ...created, Status: 'Active', UserArn: arn('u') },
    { AccessKeyId: 'AKIA2', ...created, Status: 'Inactive', UserArn: arn('u') },
  ]);
  assert.deepEqual(of('iam.AccessKeyLastUsed'), [
    {
      AccessKeyId: 'AKIA1',
      LastUsedDate: used.LastUsedDate.getTime(),
      LastUsedDateText: '2024-02-01 00:00:00+00:00',
      LastUsedService: 's3',
      LastUsedRegion: 'eu-west-1',
    },
    {
      AccessKeyId: 'AKIA2',
      LastUsedDate: null,
      LastUsedDateText: 'None',
      LastUsedService: 'N/A',
      LastUsedRegion: 'N/A',
    },
  ]);
});

test('MFA devices are read page by page, hardware tokens by their serial number', async () => {
  const { of } = await collectUsers(['u'], {
    ListMFADevices: [
      {
        MFADevices: [{ UserName: 'u', SerialNumber: 'arn:aws:iam::111122223333:mfa/phone', EnableDate: CreateDate }],
        IsTruncated: true,
        Marker: 'm',
      },
      { MFADevices: [{ SerialNumber: 'GAHT12345678' }] },
    ],
  });

  assert.deepEqual(of('iam.MfaDevice'), [
    {
      SerialNumber: 'arn:aws:iam::111122223333:mfa/phone',
      UserName: 'u',
      UserArn: arn('u'),
      EnableDate: CreateDate.getTime(),
      EnableDateText: '2024-01-31 09:30:00+00:00',
    },
    { SerialNumber: 'GAHT12345678', UserName: 'u', UserArn: arn('u'), EnableDate: null, EnableDateText: null },
  ]);
});

test('where keys or devices of one user are denied, those of the others are collected and none is deleted', async () => {
  const { of, withheld } = await collectUsers(['a', 'b'], {
    ListAccessKeys: ({ UserName }: { UserName: string }) =>
      UserName === 'a'
        ? iamError('AccessDenied', 'not a')
        : { AccessKeyMetadata: [{ AccessKeyId: 'AKIAB', Status: 'Active', CreateDate }] },
    GetAccessKeyLastUsed: () => ({ AccessKeyLastUsed: used }),
    ListMFADevices: ({ UserName }: { UserName: string }) =>
      UserName === 'a' ? iamError('ServiceFailure', 'try later') : { MFADevices: [{ SerialNumber: 'B' }] },
  });

  assert.equal(of('iam.User').length, 2);
  assert.deepEqual(
    of('iam.AccountAccessKey').map(({ AccessKeyId }) => AccessKeyId),
    ['AKIAB'],
  );
  assert.deepEqual(
    of('iam.MfaDevice').map(({ SerialNumber }) => SerialNumber),
    ['B'],
  );
  assert.deepEqual(withheld, [
    { type: 'cartography.aws.iam.AccountAccessKey', reason: 'ListAccessKeys: AccessDenied: not a' },
    { type: 'cartography.aws.iam.AccessKeyLastUsed', reason: 'ListAccessKeys: AccessDenied: not a' },
    { type: 'cartography.aws.iam.MfaDevice', reason: 'ListMFADevices: ServiceFailure: try later' },
  ]);
});

test('where the last use of a key is denied, the key itself is collected', async () => {
  const { of, withheld } = await collectUsers(['u'], {
    ListAccessKeys: [{ AccessKeyMetadata: [{ AccessKeyId: 'AKIA1', Status: 'Active', CreateDate }] }],
    GetAccessKeyLastUsed: [iamError('AccessDenied', 'no')],
  });

  assert.equal(of('iam.AccountAccessKey').length, 1);
  assert.equal(of('iam.AccessKeyLastUsed').length, 0);
  assert.deepEqual(withheld, [
    {
      type: 'cartography.aws.iam.AccessKeyLastUsed',
      reason: 'GetAccessKeyLastUsed: AccessDenied: no',
      nodeId: 'AKIA1',
    },
  ]);
});

test('a user that is deleted meanwhile withholds nothing', async () => {
  const { of, withheld } = await collectUsers(['u'], {
    ListAccessKeys: [iamError('NoSuchEntityException')],
    ListMFADevices: [iamError('NoSuchEntityException')],
  });

  assert.equal(of('iam.AccountAccessKey').length, 0);
  assert.deepEqual(withheld, []);
});

test('expired credentials end the scope', async () => {
  const expired = iamError('ExpiredToken');

  await assert.rejects(collectUsers(['a', 'b'], { ListAccessKeys: () => expired }), expired);
});
