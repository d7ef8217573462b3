import assert from 'node:assert/strict';
import { test } from 'node:test';
import { edgeChanges } from '../../../../consumers/analysis/edge-changes.ts';

const held = (id: string, props: Record<string, unknown> = {}, isNew = true) => ({ id, isNew, props });

test('what is wanted and not held is made, what is held and not wanted goes, the rest stays', () => {
  const changes = edgeChanges(
    { direction: 'out' },
    new Map([['n', [{ id: 'new' }, { id: 'kept' }]]]),
    new Map([['n', [held('kept'), held('old')]]]),
  );
  assert.deepEqual(changes, {
    made: [{ id: 'n', other: 'new', props: {} }],
    gone: [{ id: 'n', other: 'old' }],
  });
});

test('one that is older than an end of it is made again, and one whose properties differ', () => {
  const wanted = [
    { id: 'older' },
    { id: 'same', props: { conditions: ['a'], port: null } },
    { id: 'other', props: { conditions: ['a'] } },
    { id: 'lost', props: { conditions: null } },
  ];
  const there = [
    held('older', {}, false),
    held('same', { conditions: ['a'], lastupdated: 1 }),
    held('other', { conditions: ['b'] }),
    held('lost', { conditions: ['b'] }),
  ];
  const { made, gone } = edgeChanges({ direction: 'out' }, new Map([['n', wanted]]), new Map([['n', there]]));
  assert.deepEqual(
    made.map(({ other }) => other),
    ['lost', 'older', 'other'],
  );
  assert.deepEqual(gone, []);
});

test('a node that holds relationships and is to hold none loses them', () => {
  const { gone } = edgeChanges({ direction: 'in' }, new Map(), new Map([['n', [held('m')]]]));
  assert.deepEqual(gone, [{ id: 'n', other: 'm' }]);
});

test('one that counts both ways is changed once, though both ends tell of it', () => {
  const wanted = new Map([
    ['a', [{ id: 'b' }]],
    ['b', [{ id: 'a' }]],
  ]);
  const there = new Map([
    ['a', [held('c')]],
    ['c', [held('a')]],
  ]);
  assert.equal(edgeChanges({ direction: 'both' }, wanted, new Map()).made.length, 1);
  assert.equal(edgeChanges({ direction: 'out' }, wanted, new Map()).made.length, 2);
  assert.equal(edgeChanges({ direction: 'both' }, new Map(), there).gone.length, 1);
});

test('changes come in the order of their ends, whatever the order of what is found', () => {
  const ends = ['c', 'a', 'b'].map((id) => ({ id }));
  const { made } = edgeChanges({ direction: 'out' }, new Map([['n', ends]]), new Map());
  assert.deepEqual(
    made.map(({ other }) => other),
    ['a', 'b', 'c'],
  );
});
