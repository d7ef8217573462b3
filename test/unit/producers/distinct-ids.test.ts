import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DistinctIds } from '../../../producers/distinct-ids.ts';

function count(ids: Iterable<string>): number {
  const distinct = new DistinctIds();
  for (const id of ids) distinct.add(id);
  return distinct.size;
}

test('an id counts once', () => {
  assert.equal(count(['i-1', 'i-2', 'i-1', '', 'ünïcode', 'ünïcode']), 4);
});

/** Ids as AWS numbers them, and the closest that ids can be to each other. */
const kinds: Record<string, (index: number) => string> = {
  'hexadecimal ids': (index) => `i-0${index.toString(16).padStart(16, '0')}`,
  ARNs: (index) => `arn:aws:iam::${210_000_000_000 + index}:role/service-role/AWSServiceRoleForSupport`,
  addresses: (index) => `10.${(index >> 16) & 255}.${(index >> 8) & 255}.${index & 255}/32`,
  'numbers in front': (index) => `${index}|arn:aws:s3:::bucket`,
};

for (const [kind, idOf] of Object.entries(kinds)) {
  test(`400,000 ${kind} are all told apart`, () => {
    const ids = Array.from({ length: 400_000 }, (_, index) => idOf(index));
    assert.equal(count(ids), 400_000);
  });
}
