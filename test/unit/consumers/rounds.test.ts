import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { pino } from 'pino';

import { Analysis } from '../../../consumers/analysis/analysis.ts';
import type { Job } from '../../../consumers/analysis/job.ts';
import type { CypherGraph, Run } from '../../../consumers/graph/cypher-graph.ts';
import { Rounds } from '../../../consumers/runner/rounds.ts';

const logger = pino({ level: 'silent' });

test('whoever closes does not wait for a round to end by itself', { timeout: 5_000 }, async () => {
  const begun = Promise.withResolvers<void>();
  const rounds = new Rounds(
    'a round',
    async (signal) => {
      begun.resolve();
      await once(signal, 'abort');
      throw signal.reason;
    },
    logger,
  );
  rounds.start();
  await begun.promise;
  await rounds.close();
  await assert.rejects(Promise.race([rounds.failed, Promise.reject(new Error('has not failed'))]), /has not failed/);
});

test('an analysis that is told to end does so after the transaction at hand', async () => {
  const stop = new AbortController();
  let settled = 0;
  const answers: [RegExp, (parameters: Record<string, unknown>) => object[]][] = [
    [/AS round/, () => [{ round: 1 }]],
    [/AS slot/, () => [{ label: 'Thing', slot: '_scope_thing' }]],
    [/RETURN DISTINCT n\.id AS id/, () => ['a', 'b', 'c'].map((id) => ({ id }))],
    [/AS written/, () => (settled++, stop.abort(), [{ written: 1 }])],
  ];
  const run: Run = async <T extends object>(text: string, parameters: Record<string, unknown>) =>
    (answers.find(([pattern]) => pattern.test(text))?.[1](parameters) ?? []) as T[];
  const graph: CypherGraph = { define: async () => undefined, transactCypher: (work) => work(run) };
  const job: Job = {
    ...{ kind: 'properties', name: 'size', label: 'Thing' },
    ...{ properties: [{ name: 'size' }], values: 'RETURN 1 AS size' },
  };
  const analysis = new Analysis({ graph, jobs: [job], batchNodes: 1 });
  await assert.rejects(analysis.update(['a'], stop.signal), { name: 'AbortError' });
  assert.equal(settled, 1);
});
