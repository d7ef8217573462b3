import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { pino } from 'pino';
import { isCaughtUp, readLag } from '../../../consumers/caught-up.ts';
import type { Neo4jGraph } from '../../../consumers/graph/neo4j-graph.ts';
import { stageNames, startLoaders } from '../../../consumers/load.ts';
import { topicSpecs, topicsOf } from '../../../platform/topics.ts';
import { graphOf } from '../../model/law.ts';
import { arbitraryHistory, type History } from '../../model/history.ts';
import { createModelEncoder, play } from '../../model/play.ts';
import { universe } from '../../model/universe.ts';
import { MemoryLog } from '../../support/memory-log.ts';
import { MemoryRegistry } from '../../support/memory-registry.ts';
import { differences, readGraph } from '../../support/read-graph.ts';
import { sharedGraph } from '../../support/servers.ts';

const seed = Number(process.env['TEST_SEED'] ?? Date.now() % 1_000_000);
const runs = Number(process.env['TEST_CASES'] ?? 25);
const logger = pino({ level: process.env['TEST_LOG'] ?? 'silent' });

let graph: Neo4jGraph;
let close: () => Promise<void>;

before(async () => {
  ({ graph, close } = await sharedGraph());
});

after(() => close());

test(`after any history, in any order, the graph is what the law says (seed ${seed})`, async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryHistory({ poison: false }), fc.integer({ min: 1, max: 12 }), async (history, rows) => {
      const found = await load(history, rows);
      const expected = graphOf(history.records, history.markers);
      assert.deepEqual(differences(expected, found), []);
    }),
    { seed, numRuns: runs, endOnFailure: process.env['TEST_SHRINK'] === undefined },
  );
});

async function load(history: History, rows: number) {
  await graph.query('MATCH (n) DETACH DELETE n');
  const log = new MemoryLog();
  const registry = new MemoryRegistry();
  const admin = await log.admin();
  await admin.ensureTopics(topicSpecs({ partitions: 3 }));
  const loaders = await startLoaders({ log, registry, graph, logger, limits: { rows, bytes: 1e6 } });
  try {
    await play(history, {
      encoder: await createModelEncoder(registry),
      append: (message) => {
        const partition = log.partitionOf(message.topic, message.key);
        return { partition, offset: log.append(message, partition) };
      },
    });
    for (const since = Date.now(); ;) {
      const lag = await Promise.race([readLag(graph, admin, topicsOf(), stageNames), loaders.failed]);
      if (isCaughtUp(lag)) break;
      assert.ok(
        Date.now() - since < 240_000,
        `the loaders stand still: ${JSON.stringify(lag, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))}`,
      );
      await sleep(20);
    }
  } finally {
    await loaders.close();
  }
  return readGraph(graph, new Set(universe.map(({ label }) => label)));
}
