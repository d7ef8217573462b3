import assert from 'node:assert/strict';
import { test } from 'node:test';
import { s3AccountPublicAccessBlock } from '../../../../producers/syncs/s3/account-public-access-block.ts';
import { awsError } from '../../../support/fake-aws.ts';
import { collectAll } from '../../../support/collect.ts';

test('the block of the account is a node for the region that was read; what AWS leaves out is null', async () => {
  const { records, calls } = await collectAll(s3AccountPublicAccessBlock, {
    responses: {
      GetPublicAccessBlock: [{ PublicAccessBlockConfiguration: { BlockPublicAcls: true, IgnorePublicAcls: false } }],
    },
  });

  assert.deepEqual(records, [
    {
      type: 'cartography.aws.s3.AccountPublicAccessBlock',
      value: {
        Id: '111122223333:eu-west-1',
        AccountId: '111122223333',
        BlockPublicAcls: true,
        IgnorePublicAcls: false,
        BlockPublicPolicy: null,
        RestrictPublicBuckets: null,
      },
    },
  ]);
  assert.deepEqual(
    calls.map(({ input, region }) => [input['AccountId'], region]),
    [['111122223333', 'eu-west-1']],
  );
});

test('an account without the configuration has no node, and the scope is complete', async () => {
  const { records, withheld } = await collectAll(s3AccountPublicAccessBlock, {
    responses: { GetPublicAccessBlock: [awsError('NoSuchPublicAccessBlockConfiguration')] },
  });

  assert.deepEqual([records, withheld], [[], []]);
});

test('when it is denied, the scope ends with that', async () => {
  const collected = collectAll(s3AccountPublicAccessBlock, {
    responses: { GetPublicAccessBlock: [awsError('AccessDenied')] },
  });

  await assert.rejects(collected, { name: 'AccessDenied' });
});
