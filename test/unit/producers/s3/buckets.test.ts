import assert from 'node:assert/strict';
import { test } from 'node:test';
import { s3 } from '../../../../producers/syncs/s3/s3.ts';
import { collectAll } from '../../../support/collect.ts';
import { s3Error, s3Responses } from '../../../support/s3-buckets.ts';

const CreationDate = new Date('2024-01-31T09:30:00Z');

test('a bucket without any configuration says so in every group of properties', async () => {
  const { records, withheld } = await collectAll(s3, {
    responses: s3Responses(
      { b: {} },
      { ListBuckets: [{ Buckets: [{ Name: 'b', BucketRegion: 'eu-west-1', CreationDate }] }] },
    ),
  });

  assert.deepEqual(records, [
    {
      type: 'cartography.aws.s3.Bucket',
      value: {
        Name: 'b',
        Arn: 'arn:aws:s3:::b',
        BucketRegion: 'eu-west-1',
        CreationDate: '2024-01-31 09:30:00+00:00',
      },
    },
    { type: 'cartography.aws.s3.BucketAcl', value: { Name: 'b', AclIds: [] } },
    { type: 'cartography.aws.s3.BucketPolicy', value: { Name: 'b', AnonymousAccess: false, AnonymousActions: [] } },
    {
      type: 'cartography.aws.s3.BucketEncryption',
      value: { Name: 'b', DefaultEncryption: false, SSEAlgorithm: null, KMSMasterKeyID: null, BucketKeyEnabled: null },
    },
    { type: 'cartography.aws.s3.BucketVersioning', value: { Name: 'b', Status: null, MFADelete: null } },
    {
      type: 'cartography.aws.s3.BucketPublicAccessBlock',
      value: {
        Name: 'b',
        BlockPublicAcls: null,
        IgnorePublicAcls: null,
        BlockPublicPolicy: null,
        RestrictPublicBuckets: null,
      },
    },
    { type: 'cartography.aws.s3.BucketOwnership', value: { Name: 'b', ObjectOwnership: null } },
    { type: 'cartography.aws.s3.BucketLogging', value: { Name: 'b', LoggingEnabled: false, TargetBucket: null } },
    {
      type: 'cartography.aws.s3.BucketNotification',
      value: { Name: 'b', TopicArns: [], SubResourceLabel: 'AWSS3Bucket' },
    },
  ]);
  assert.deepEqual(withheld, []);
});

test('all pages of buckets are read, and each bucket in its own region', async () => {
  const { of, calls } = await collectAll(s3, {
    responses: s3Responses(
      {},
      {
        ListBuckets: [
          { Buckets: [{ Name: 'a', BucketRegion: 'us-east-1' }], ContinuationToken: 'more' },
          { Buckets: [{ Name: 'b', BucketRegion: 'eu-west-1' }], ContinuationToken: 'last' },
          {},
        ],
      },
    ),
  });

  assert.deepEqual(
    of('s3.Bucket').map(({ Name, BucketRegion }) => [Name, BucketRegion]),
    [
      ['a', 'us-east-1'],
      ['b', 'eu-west-1'],
    ],
  );
  assert.deepEqual(
    calls.filter(({ operation }) => operation === 'ListBuckets').map(({ input }) => input['ContinuationToken']),
    [undefined, 'more', 'last'],
  );
  for (const { operation, input, region } of calls.filter(({ input }) => 'Bucket' in input)) {
    assert.equal(region, input['Bucket'] === 'a' ? 'us-east-1' : 'eu-west-1', operation);
  }
});

test('where the list leaves regions out, HeadBucket tells them, also when it is denied', async () => {
  const redirect = Object.assign(s3Error('Unknown', 'moved'), {
    $response: { statusCode: 301, headers: { 'x-amz-bucket-region': 'ap-south-1' } },
  });
  const silent = Object.assign(s3Error('Unknown', 'forbidden'), { $response: { statusCode: 403, headers: {} } });
  const answers: Record<string, Error | object> = { told: { BucketRegion: 'eu-north-1' }, redirect, silent };
  const { of, calls } = await collectAll(s3, {
    responses: s3Responses(
      {},
      {
        ListBuckets: [{ Buckets: Object.keys(answers).map((Name) => ({ Name })) }],
        HeadBucket: (({ Bucket }: { Bucket: string }) => answers[Bucket]) as never,
      },
    ),
  });

  assert.deepEqual(
    of('s3.Bucket').map(({ Name, BucketRegion }) => [Name, BucketRegion]),
    [
      ['told', 'eu-north-1'],
      ['redirect', 'ap-south-1'],
      ['silent', null],
    ],
  );
  const detailOf = (name: string) =>
    calls.find(({ operation, input }) => operation === 'GetBucketAcl' && input['Bucket'] === name);
  assert.equal(detailOf('redirect')?.region, 'ap-south-1');
  assert.equal(detailOf('silent')?.region, 'eu-west-1', 'the region of the scope');
});

test('a bucket that is deleted meanwhile is left out whole and withholds nothing', async () => {
  const gone = Object.assign(s3Error('NotFound'), { $response: { statusCode: 404, headers: {} } });
  const { records, withheld } = await collectAll(s3, {
    responses: s3Responses(
      {
        late: { GetBucketLogging: s3Error('NoSuchBucket'), GetBucketPolicy: s3Error('AccessDenied') },
      },
      {
        ListBuckets: [{ Buckets: [{ Name: 'early' }, { Name: 'late', BucketRegion: 'eu-west-1' }] }],
        HeadBucket: [gone],
      },
    ),
  });

  assert.deepEqual(records, []);
  assert.deepEqual(withheld, []);
});

test('a detail that is denied or fails costs this detail of this bucket', async () => {
  const { of, withheld } = await collectAll(s3, {
    responses: s3Responses({
      open: {},
      locked: {
        GetBucketPolicy: s3Error('AccessDenied', 'not you'),
        GetBucketAcl: s3Error('AccessDenied', 'not you'),
        GetBucketLogging: s3Error('InternalError', 'try later'),
      },
    }),
  });

  assert.deepEqual(
    of('s3.Bucket').map(({ Name }) => Name),
    ['open', 'locked'],
  );
  for (const type of ['s3.BucketPolicy', 's3.BucketAcl', 's3.BucketLogging']) {
    assert.deepEqual(
      of(type).map(({ Name }) => Name),
      ['open'],
      type,
    );
  }
  assert.equal(of('s3.BucketVersioning').length, 2);
  assert.deepEqual(withheld, [
    { type: 'cartography.aws.s3.BucketAcl', reason: 'GetBucketAcl: AccessDenied: not you', nodeId: 'locked' },
    { type: 'cartography.aws.s3.Acl', reason: 'GetBucketAcl: AccessDenied: not you' },
    { type: 'cartography.aws.s3.BucketPolicy', reason: 'GetBucketPolicy: AccessDenied: not you', nodeId: 'locked' },
    { type: 'cartography.aws.s3.PolicyStatement', reason: 'GetBucketPolicy: AccessDenied: not you' },
    {
      type: 'cartography.aws.s3.BucketLogging',
      reason: 'GetBucketLogging: InternalError: try later',
      nodeId: 'locked',
    },
  ]);
});

test('expired credentials end the scope', async () => {
  const expired = s3Error('ExpiredToken');

  await assert.rejects(
    collectAll(s3, { responses: s3Responses({ a: { GetBucketVersioning: expired }, b: {} }) }),
    expired,
  );
});

test('without the right to list buckets nothing is collected', async () => {
  const denied = s3Error('AccessDenied');

  await assert.rejects(collectAll(s3, { responses: { ListBuckets: [denied] } }), denied);
});
