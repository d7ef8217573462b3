import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compilePattern } from '../../../../../consumers/analysis/permissions/wildcard.ts';

const seed = Number(process.env['TEST_SEED'] ?? Date.now() % 1_000_000);

const cases: [pattern: string, text: string, expected: boolean][] = [
  ['s3:GetObject', 'S3:getobject', true],
  ['s3:Get*', 's3:GetObject', true],
  ['s3:Get*', 's3:PutObject', false],
  ['*', '', true],
  ['*:*Object', 's3:GetObject', true],
  ['iam:??teUser', 'iam:UpdateUser', false],
  ['iam:UpdateUser?', 'iam:UpdateUser', true],
  ['arn:aws:s3:::logs-????', 'arn:aws:s3:::logs-2024', true],
  ['arn:aws:s3:::logs-????', 'arn:aws:s3:::logs-20245', false],
  ['arn:aws:s3:::a.b', 'arn:aws:s3:::axb', false],
  ['arn:aws:iam::1:user/${aws:username}', 'arn:aws:iam::1:user/anna', false],
  ['arn:aws:iam::1:user/a+b(c)', 'arn:aws:iam::1:user/a+b(c)', true],
];
for (const [pattern, text, expected] of cases) {
  test(`${JSON.stringify(pattern)} ${expected ? 'matches' : 'does not match'} ${JSON.stringify(text)}`, () => {
    assert.equal(compilePattern(pattern)(text), expected);
  });
}

test(`a pattern matches what its regular expression matches (seed ${seed})`, () => {
  const text = (letters: string) => fc.string({ unit: fc.constantFrom(...letters), maxLength: 8 });
  fc.assert(
    fc.property(text('aB*?'), text('ab'), (pattern, candidate) => {
      const expression = pattern.replaceAll('*', '.*').replaceAll('?', '.?');
      assert.equal(compilePattern(pattern)(candidate), new RegExp(`^${expression}$`, 'i').test(candidate));
    }),
    { seed, numRuns: 5_000 },
  );
});

test('a pattern of many wildcards takes no longer than its length', () => {
  const matches = compilePattern(`${'*a'.repeat(500)}b`);
  assert.equal(matches('a'.repeat(2_000)), false);
});
