import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pino } from 'pino';
import type { GroupMember, TopicPartition } from '../../../../platform/kafka/group-member.ts';
import { OffsetCommitter } from '../../../../platform/kafka/offset-committer.ts';

type Offsets = readonly (TopicPartition & { offset: bigint })[];

function createCommitter(commit: (offsets: Offsets) => Promise<void>): OffsetCommitter {
  return new OffsetCommitter({ commit } as unknown as GroupMember, pino({ enabled: false }));
}

const position = (partition: number, offset: bigint) => ({ topic: 'assets', partition, offset });

test('commits that come in while one is under way go together, the newest of each partition', async () => {
  const sent: Offsets[] = [];
  const first = Promise.withResolvers<void>();
  const committer = createCommitter(async (offsets) => {
    sent.push(offsets);
    if (sent.length === 1) await first.promise;
  });
  const commits = [
    committer.commit(position(0, 1n)),
    committer.commit(position(0, 2n)),
    committer.commit(position(1, 7n)),
    committer.commit(position(0, 3n)),
  ];
  first.resolve();
  await Promise.all(commits);
  assert.deepEqual(sent, [[position(0, 1n)], [position(0, 3n), position(1, 7n)]]);
});

test('a commit that fails does not reject and goes along with the next', async () => {
  const sent: Offsets[] = [];
  const committer = createCommitter(async (offsets) => {
    sent.push(offsets);
    if (sent.length === 1) throw new Error('coordinator away');
  });
  await committer.commit(position(0, 1n));
  await committer.commit(position(1, 2n));
  assert.deepEqual(
    sent[1],
    [position(1, 2n), position(0, 1n)].sort((a, b) => a.partition - b.partition),
  );
});

test('a failed commit does not take the place of a newer one', async () => {
  const sent: Offsets[] = [];
  const fail = Promise.withResolvers<void>();
  const committer = createCommitter(async (offsets) => {
    sent.push(offsets);
    if (sent.length === 1) await fail.promise;
  });
  const first = committer.commit(position(0, 1n));
  const second = committer.commit(position(0, 2n));
  fail.reject(new Error('coordinator away'));
  await Promise.all([first, second]);
  await committer.flush();
  assert.deepEqual(sent.at(-1), [position(0, 2n)]);
});

test('nothing is committed once the generation is over', async () => {
  let sent = 0;
  const committer = createCommitter(async () => void sent++);
  committer.end();
  await committer.commit(position(0, 1n));
  assert.equal(sent, 0);
});
