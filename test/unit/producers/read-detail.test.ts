import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RecordError } from '../../../platform/errors.ts';
import { readDetail } from '../../../producers/syncs/read-detail.ts';
import { iamError } from '../../support/iam-account.ts';

const running = { signal: new AbortController().signal };
const failing = (error: Error) => () => Promise.reject(error);

test('errors that are answers are told from those that leave the detail unread', async () => {
  const errors = { absent: 'NoSuchBucketPolicy', gone: 'NoSuchBucket' };
  const read = (error: Error) => readDetail(running, 'GetBucketPolicy', failing(error), errors);

  assert.deepEqual(await readDetail(running, 'GetBucketPolicy', () => Promise.resolve(1), errors), {
    kind: 'read',
    value: 1,
  });
  assert.deepEqual(await read(iamError('NoSuchBucketPolicy')), { kind: 'absent' });
  assert.deepEqual(await read(iamError('NoSuchBucket')), { kind: 'gone' });
  assert.deepEqual(await read(iamError('AccessDenied', 'not you')), {
    kind: 'unread',
    reason: 'GetBucketPolicy: AccessDenied: not you',
  });
  assert.deepEqual(await readDetail(running, 'GetBucketPolicy', failing(iamError('NoSuchBucketPolicy'))), {
    kind: 'unread',
    reason: 'GetBucketPolicy: NoSuchBucketPolicy',
  });
});

test('expired credentials and our own errors are thrown', async () => {
  const own = new RecordError('AWS answered without Arn');

  await assert.rejects(readDetail(running, 'X', failing(iamError('ExpiredToken'))), { name: 'ExpiredToken' });
  await assert.rejects(readDetail(running, 'X', failing(own)), own);
});

test('once the run is stopped, an error is the stop', async () => {
  const controller = new AbortController();
  controller.abort(new Error('stopped'));

  await assert.rejects(readDetail(controller, 'X', failing(iamError('AccessDenied'))), { message: 'stopped' });
});
