import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Canaries } from '../../support/canaries.ts';

test('a canary is found as it is, in base64 at any place, and in hexadecimal', () => {
  const canaries = new Canaries();
  const secret = canaries.make('password');
  const encodings = [
    `error: "${secret}"`,
    Buffer.from([0, 255, ...Buffer.from(secret), 0]),
    ...['', 'a', 'ab', 'abc'].map((user) => Buffer.from(`${user}:${secret}:x`).toString('base64')),
    ...['', 'a', 'ab'].map((user) => Buffer.from(`${user}${secret}`).toString('base64url')),
    Buffer.from(secret).toString('hex'),
  ];
  for (const [index, content] of encodings.entries()) canaries.search(String(index), content);
  assert.deepEqual(
    canaries.leaks.map(({ output }) => output),
    encodings.map((_, index) => String(index)),
  );
});

test('nothing else is taken for one', () => {
  const canaries = new Canaries();
  canaries.make('password');
  new Canaries().make('another');
  canaries.search('text', `Canary${'0'.repeat(24)} ${Buffer.from('Canary').toString('base64')}`);
  canaries.search('nothing', null);
  assert.deepEqual(canaries.leaks, []);
  assert.match(canaries.report(), /searched 2 outputs of \d+ bytes for 1 canaries: 0 leaks/);
});
