import assert from 'node:assert/strict';
import { test } from 'node:test';
import { iam } from '../../../../producers/syncs/iam/iam.ts';
import { collectAll } from '../../../support/collect.ts';
import { iamError, iamResponses } from '../../../support/iam-account.ts';

const date = new Date('2024-01-31T09:30:00Z');

test('SAML providers go by the last part of their ARN', async () => {
  const Arn = 'arn:aws:iam::111122223333:saml-provider/idp';
  const { of } = await collectAll(iam, {
    responses: iamResponses({
      responses: { ListSAMLProviders: [{ SAMLProviderList: [{ Arn, CreateDate: date, ValidUntil: date }] }] },
    }),
  });

  assert.deepEqual(of('iam.SAMLProvider'), [
    { Arn, Name: 'idp', CreateDate: date.getTime(), ValidUntil: date.getTime() },
  ]);
});

test('server certificates are read from all pages', async () => {
  const certificate = {
    ServerCertificateId: 'ASCA1',
    ServerCertificateName: 'web',
    Arn: 'arn:aws:iam::111122223333:server-certificate/web',
    Path: '/',
    Expiration: date,
    UploadDate: date,
  };
  const { of } = await collectAll(iam, {
    responses: iamResponses({
      responses: {
        ListServerCertificates: [
          { ServerCertificateMetadataList: [certificate], IsTruncated: true, Marker: 'm' },
          { ServerCertificateMetadataList: [{ ServerCertificateId: 'ASCA2', ServerCertificateName: 'old' }] },
        ],
      },
    }),
  });

  assert.deepEqual(of('iam.ServerCertificate'), [
    { ...certificate, Expiration: date.getTime(), UploadDate: date.getTime() },
    {
      ServerCertificateId: 'ASCA2',
      ServerCertificateName: 'old',
      Arn: null,
      Path: null,
      Expiration: null,
      UploadDate: null,
    },
  ]);
});

test('the account’s summary takes the counts and leaves the quotas', async () => {
  const SummaryMap = { Users: 3, UsersQuota: 5000, AccountMFAEnabled: 1, Policies: 0 };
  const { of } = await collectAll(iam, {
    responses: iamResponses({ responses: { GetAccountSummary: [{ SummaryMap }] } }),
  });

  const [summary] = of('iam.AccountSummary');
  assert.equal(summary?.['AccountId'], '111122223333');
  assert.equal(summary?.['Users'], 3);
  assert.equal(summary?.['Policies'], 0);
  assert.equal(summary?.['AccountMFAEnabled'], 1);
  assert.equal(summary?.['Roles'], null);
  assert.equal('UsersQuota' in summary, false);
});

test('what is denied by itself is withheld by itself', async () => {
  const denied = () => iamError('AccessDenied', 'no');
  const { of, withheld } = await collectAll(iam, {
    responses: iamResponses({
      groups: [[{ GroupName: 'g', Arn: 'arn:aws:iam::111122223333:group/g' }]],
      responses: { ListSAMLProviders: denied, ListServerCertificates: denied, GetAccountSummary: denied },
    }),
  });

  assert.equal(of('iam.Group').length, 1);
  assert.deepEqual(withheld, [
    { type: 'cartography.aws.iam.SAMLProvider', reason: 'ListSAMLProviders: AccessDenied: no' },
    { type: 'cartography.aws.iam.ServerCertificate', reason: 'ListServerCertificates: AccessDenied: no' },
    { type: 'cartography.aws.iam.AccountSummary', reason: 'GetAccountSummary: AccessDenied: no' },
  ]);
});

test('a record that IAM cannot name ends the scope instead of being left out', async () => {
  const responses = iamResponses({ responses: { ListSAMLProviders: [{ SAMLProviderList: [{}] }] } });

  await assert.rejects(collectAll(iam, { responses }), { code: 'CS_RECORD' });
});
