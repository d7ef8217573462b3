import assert from 'node:assert/strict';
import { test } from 'node:test';
import { IAMClient } from '@aws-sdk/client-iam';
import { iam } from '../../../../producers/syncs/iam/iam.ts';
import type { LastAccessedLimits } from '../../../../producers/syncs/iam/last-accessed.ts';
import { collectLastAccessed } from '../../../../producers/syncs/iam/last-accessed.ts';
import type { Responses } from '../../../support/collect.ts';
import { collectAll, fakeContext } from '../../../support/collect.ts';
import { iamError, iamResponses, policyOf } from '../../../support/iam-account.ts';

const arn = (resource: string) => `arn:aws:iam::111122223333:${resource}`;
const USER = 'cartography.aws.iam.UserLastAccessed';
const report = { JobStatus: 'COMPLETED', IsTruncated: false };
const s3 = {
  ServiceName: 'Amazon S3',
  ServiceNamespace: 's3',
  LastAuthenticated: new Date('2024-02-01T00:00:00Z'),
  LastAuthenticatedEntity: arn('user/zoë'),
  LastAuthenticatedRegion: 'eu-west-1',
};
const iamService = {
  ServiceName: 'AWS IAM',
  ServiceNamespace: 'iam',
  LastAuthenticated: new Date('2024-01-01T00:00:00Z'),
};

/** Reads the reports of these users, without waiting between looks. */
async function readReports(names: string[], responses: Responses, limits: Partial<LastAccessedLimits> = {}) {
  const { context, calls, withheld } = fakeContext({ responses });
  const reader = {
    context,
    client: context.client(IAMClient),
    groupArns: new Map<string, string>(),
    attachedPolicyArns: new Set<string>(),
    principals: names.map((name) => ({ type: USER, arn: arn(`user/${name}`) }) as const),
  };
  const records = await Array.fromAsync(
    collectLastAccessed(reader, { pollDelaysMs: [0, 0], budgetMs: 60_000, ...limits }),
  );
  return { records, withheld, operations: calls.map(({ operation }) => operation) };
}

test('users, groups and roles each get the service that they used last', async () => {
  const { records } = await collectAll(iam, {
    responses: iamResponses({
      users: [[{ UserName: 'zoë', Arn: arn('user/zoë') }]],
      groups: [[{ GroupName: 'all', Arn: arn('group/all') }]],
      roles: [[{ RoleName: 'web', Arn: arn('role/web'), AssumeRolePolicyDocument: policyOf() }]],
      responses: {
        GenerateServiceLastAccessedDetails: ({ Arn }: { Arn: string }) => ({ JobId: Arn }),
        GetServiceLastAccessedDetails: () => ({
          ...report,
          ServicesLastAccessed: [iamService, s3, { ServiceName: 'EC2' }],
        }),
      },
    }),
  });

  const value = {
    ServiceName: 'Amazon S3',
    ServiceNamespace: 's3',
    LastAuthenticated: '2024-02-01 00:00:00+00:00',
    LastAuthenticatedEntity: arn('user/zoë'),
    LastAuthenticatedRegion: 'eu-west-1',
  };
  assert.deepEqual(
    records.filter(({ type }) => type.endsWith('LastAccessed')),
    [
      { type: 'cartography.aws.iam.GroupLastAccessed', value: { Arn: arn('group/all'), ...value } },
      { type: USER, value: { Arn: arn('user/zoë'), ...value } },
      { type: 'cartography.aws.iam.RoleLastAccessed', value: { Arn: arn('role/web'), ...value } },
    ],
  );
});

test('a report is looked at until it is complete, on all its pages', async () => {
  const { records, operations } = await readReports(['zoë'], {
    GenerateServiceLastAccessedDetails: [{ JobId: 'job' }],
    GetServiceLastAccessedDetails: [
      { JobStatus: 'IN_PROGRESS' },
      { ...report, ServicesLastAccessed: [iamService], IsTruncated: true, Marker: 'more' },
      { ...report, ServicesLastAccessed: [s3] },
    ],
  });

  assert.equal(records[0]?.value['ServiceNamespace'], 's3');
  assert.equal(operations.length, 4);
});

test('who never used a service has no record, and nothing is withheld', async () => {
  const { records, withheld } = await readReports(['zoë'], {
    GenerateServiceLastAccessedDetails: [{ JobId: 'job' }],
    GetServiceLastAccessedDetails: [{ ...report, ServicesLastAccessed: [{ ServiceName: 'Amazon S3' }] }],
  });

  assert.deepEqual([records, withheld], [[], []]);
});

test('a report that failed or is not ready in time is withheld for its principal alone', async () => {
  const { records, withheld } = await readReports(['late', 'failed', 'fine'], {
    GenerateServiceLastAccessedDetails: ({ Arn }: { Arn: string }) => ({ JobId: Arn }),
    GetServiceLastAccessedDetails: ({ JobId }: { JobId: string }) => {
      if (JobId.endsWith('late')) return { JobStatus: 'IN_PROGRESS' };
      if (JobId.endsWith('failed')) return { JobStatus: 'FAILED', Error: { Code: 'INTERNAL_ERROR', Message: '' } };
      return { ...report, ServicesLastAccessed: [s3] };
    },
  });

  assert.deepEqual(
    records.map(({ value }) => value['Arn']),
    [arn('user/fine')],
  );
  assert.deepEqual(
    new Map(withheld.map(({ nodeId, reason }) => [nodeId, reason])),
    new Map([
      [arn('user/late'), 'GetServiceLastAccessedDetails: the report was not ready in time'],
      [arn('user/failed'), 'GetServiceLastAccessedDetails: INTERNAL_ERROR'],
    ]),
  );
});

test('once a report is refused, no more are asked for, and all are withheld', async () => {
  const names = Array.from({ length: 100 }, (_, index) => `user-${index}`);
  const { records, withheld, operations } = await readReports(names, {
    GenerateServiceLastAccessedDetails: () => iamError('AccessDenied'),
  });

  assert.deepEqual(records, []);
  assert.ok(operations.length <= 10, `${operations.length} calls`);
  assert.deepEqual(
    withheld.map(({ type, nodeId }) => [type, nodeId]),
    [[USER, undefined]],
  );
});

test('when the time for reports is over, those not begun are withheld', async () => {
  const { withheld, operations } = await readReports(['zoë'], {}, { budgetMs: 0 });

  assert.deepEqual(operations, []);
  assert.deepEqual(withheld, [{ type: USER, reason: 'service last accessed: not all read within 0 s' }]);
});

test('a cancelled run does not wait for a report', async () => {
  const cancel = new AbortController();
  const cancelled = new Error('cancelled by the user');
  const collected = collectAll(iam, {
    context: { signal: cancel.signal },
    responses: iamResponses({
      groups: [[{ GroupName: 'all', Arn: arn('group/all') }]],
      responses: {
        GetServiceLastAccessedDetails: () => {
          setImmediate(() => cancel.abort(cancelled));
          return { JobStatus: 'IN_PROGRESS' };
        },
      },
    }),
  });

  await assert.rejects(collected);
  assert.ok(cancel.signal.aborted);
});
