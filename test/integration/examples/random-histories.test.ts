import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, test } from 'node:test';
import fc from 'fast-check';

import { connectLog } from '../../../platform/kafka/connect-log.ts';
import type { Log } from '../../../platform/kafka/log.ts';
import { connectRegistry } from '../../../schemas/registry.ts';
import { arbitraryHistory, type History } from '../../model/history.ts';
import {
  applyChanges,
  changesIn,
  lawfulTable,
  readAssets,
  rowsOf,
  rowsWithoutTag,
} from '../../support/consumer-tables.ts';
import { type Examples, prepareExamples } from '../../support/examples.ts';
import { testSeed } from '../../support/random.ts';
import { type Servers, testServers } from '../../support/servers.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { writeHistory } from '../../support/write-history.ts';

const cases = Number(process.env['TEST_CASES'] ?? 15);
let servers: Servers;
let log: Log;
let examples: Examples;
let folder: Awaited<ReturnType<typeof tempFolder>>;

before(async () => {
  folder = await tempFolder();
  [servers, examples] = await Promise.all([testServers(), prepareExamples(folder.path)]);
  log = connectLog({ bootstrapServers: servers.kafka, clientId: 'test' });
});
after(async () => {
  await servers.release();
  await folder[Symbol.asyncDispose]();
});

test(`after any history both examples hold what the law says (seed ${testSeed})`, { timeout: 300_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryHistory({ poison: true }), async (history) => {
      const topicPrefix = await writeHistory(log, connectRegistry({ url: servers.registryUrl }), history);
      const addresses = { kafka: servers.kafka, registryUrl: servers.registryUrl, topicPrefix };
      const database = path.join(folder.path, `${topicPrefix}.db`);
      const [assets, changes] = await Promise.all([
        examples.startAssets(addresses, database, '--exit-at-end').result,
        examples.startChanges(addresses, '--from-beginning', '--exit-at-end').result,
      ]);
      assert.equal(assets.exitCode, 0, assets.stderr);
      assert.equal(changes.exitCode, 0, changes.stderr);

      const expected = lawfulTable(decodable(history), history.markers);
      assert.deepEqual(rowsOf(readAssets(database)), rowsOf(expected));
      assert.deepEqual(rowsWithoutTag(applyChanges(changesIn(changes.stdout))), rowsWithoutTag(expected));
    }),
    { seed: testSeed, numRuns: cases, endOnFailure: true },
  );
});

/** Those that the graph would refuse as well: a table takes them. */
function decodable({ events }: History): History['records'] {
  return events.flatMap((event) => (event.kind === 'record' && event.fate !== 'undecodable' ? event.record : []));
}
