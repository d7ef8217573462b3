import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Health } from '../../../../cli/monitor/health.ts';

test('a part that shows no sign of life for too long is stuck, and well again with the next one', () => {
  let now = 0;
  const health = new Health({ limitMs: 1_000, now: () => now });
  const problemOf = (part: string) => health.liveness().find(({ name }) => name === part)?.problem;
  try {
    health.sawAtWork('consumer-nodes');
    now = 1_000;
    health.sawAtWork('event-loop');
    assert.equal(problemOf('consumer-nodes'), undefined);
    assert.equal(health.silenceOf('consumer-nodes'), 1);
    now = 2_000;
    assert.equal(problemOf('consumer-nodes'), 'no sign of life for 2 s');
    assert.equal(problemOf('event-loop'), undefined);

    health.sawAtWork('consumer-nodes');
    assert.equal(problemOf('consumer-nodes'), undefined);
    assert.equal(health.silenceOf('consumer-links'), undefined);
  } finally {
    health.close();
  }
});

test('what is needed and not there makes it unready', () => {
  const health = new Health();
  try {
    health.need('graph', 'Neo4j is away');
    assert.deepEqual(health.readiness(), [{ name: 'graph', problem: 'Neo4j is away' }]);
    health.need('graph', undefined);
    assert.deepEqual(health.readiness(), [{ name: 'graph', problem: undefined }]);
  } finally {
    health.close();
  }
});
