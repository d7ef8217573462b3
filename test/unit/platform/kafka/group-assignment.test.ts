import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { assignPartitions } from '../../../../platform/kafka/group-assignment.ts';

test('three members share eight partitions of two topics evenly', () => {
  const members = ['b', 'a', 'c'].map((memberId) => ({ memberId, topics: ['assets', 'markers'] }));
  const assignment = assignPartitions(
    members,
    new Map([
      ['markers', [0, 1]],
      ['assets', [5, 4, 3, 2, 1, 0]],
    ]),
  );
  assert.deepEqual(Object.fromEntries(assignment), {
    a: { assets: [0, 3], markers: [0] },
    b: { assets: [1, 4], markers: [1] },
    c: { assets: [2, 5] },
  });
});

test('every partition goes to exactly one member that subscribes to its topic, and loads differ by at most one where all subscribe to all', () => {
  const topicNames = ['t1', 't2', 't3'];
  fc.assert(
    fc.property(
      fc.uniqueArray(
        fc.record({ memberId: fc.string({ minLength: 1 }), topics: fc.subarray(topicNames, { minLength: 1 }) }),
        { minLength: 1, maxLength: 7, selector: ({ memberId }) => memberId },
      ),
      fc.array(fc.nat(20), { minLength: 3, maxLength: 3 }),
      (members, counts) => {
        const partitions = new Map(topicNames.map((name, index) => [name, [...Array(counts[index]).keys()]]));
        const assignment = assignPartitions(members, partitions);
        for (const [topic, numbers] of partitions) {
          const given = [...assignment].flatMap(([memberId, topics]) =>
            (topics[topic] ?? []).map((partition) => ({ memberId, partition })),
          );
          const subscribers = members.filter(({ topics }) => topics.includes(topic));
          assert.deepEqual(
            given.map(({ partition }) => partition).sort((a, b) => a - b),
            subscribers.length === 0 ? [] : numbers,
          );
          for (const { memberId } of given) assert.ok(subscribers.some((member) => member.memberId === memberId));
        }
        const shuffled = assignPartitions([...members].reverse(), partitions);
        assert.deepEqual(shuffled, assignment);
        if (members.every(({ topics }) => topics.length === topicNames.length)) {
          const loads = [...assignment.values()].map((topics) => Object.values(topics).flat().length);
          assert.ok(Math.max(...loads) - Math.min(...loads) <= 1);
        }
      },
    ),
  );
});
