import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeClusterId } from '../../../../stack/kafka/kafka-server.ts';

test('no cluster id begins with a dash', () => {
  const draws = [Buffer.alloc(16, 0xfb), Buffer.alloc(16, 0xf8), Buffer.alloc(16, 0xf7)];

  const id = makeClusterId(() => draws.shift()!);

  assert.match(id, /^[\w][\w-]{21}$/);
  assert.deepEqual(draws, []);
});
