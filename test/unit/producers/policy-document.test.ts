import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readPolicyDocument, textsOf } from '../../../producers/syncs/policy-document.ts';

const statement = { Effect: 'Allow', Action: 's3:*', Resource: 'arn:aws:s3:::100%25/+é' };

test('a percent-encoded policy and a plain one read the same', () => {
  const text = JSON.stringify({ Version: '2012-10-17', Id: 'p', Statement: [statement] });
  const expected = { Version: '2012-10-17', Id: 'p', Statement: [statement] };

  assert.deepEqual(readPolicyDocument(encodeURIComponent(text)), expected);
  assert.deepEqual(readPolicyDocument(text), expected);
  assert.deepEqual(readPolicyDocument(`\n  ${text}`), expected);
  assert.deepEqual(readPolicyDocument(encodeURIComponent(`\n${text}`)), expected);
});

test('a single statement may stand without a list, or be missing', () => {
  assert.deepEqual(readPolicyDocument(JSON.stringify({ Statement: statement })), {
    Version: null,
    Id: null,
    Statement: [statement],
  });
  assert.deepEqual(readPolicyDocument('{}'), { Version: null, Id: null, Statement: [] });
});

test('what is no JSON object is no policy', () => {
  for (const text of ['', '%', '%7B', 'null', '[]', '"text"', '{"Statement":']) {
    assert.equal(readPolicyDocument(text), undefined, text);
  }
});

test('names come as one or as many', () => {
  assert.deepEqual(textsOf('a'), ['a']);
  assert.deepEqual(textsOf(['a', 1, null, 'b']), ['a', 'b']);
  assert.deepEqual(textsOf(undefined), []);
});
