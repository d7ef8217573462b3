import assert from 'node:assert/strict';
import { access, readFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { resetStack, stopDetachedStack } from '../../../stack/commands/stack-down.ts';
import { getStackStatus } from '../../../stack/commands/stack-status.ts';
import { startDetachedStack } from '../../../stack/commands/stack-up.ts';
import { findFreePorts } from '../../../stack/server/find-free-ports.ts';
import { tempFolder } from '../../support/temp-folder.ts';

test('a detached stack can be looked at, stopped and thrown away from other processes', async (context) => {
  await using folder = await tempFolder();
  const dataDir = path.join(folder.path, 'data');
  const [kafka = 0, kafkaController = 0, registry = 0, bolt = 0] = await findFreePorts(4);
  const ports = { kafka, kafkaController, registry, neo4j: [bolt] };
  context.after(() => stopDetachedStack({ dataDir }));

  assert.equal((await getStackStatus({ dataDir })).state, 'stopped');
  assert.equal(await stopDetachedStack({ dataDir }), false);

  const state = await startDetachedStack({ dataDir, ports, neo4jPassword: 'correct horse' });
  assert.equal(state.neo4jUri, `bolt://127.0.0.1:${bolt}`);
  assert.equal(await readFile(state.neo4jPasswordFile, 'utf8'), 'correct horse');
  const status = await getStackStatus({ dataDir });
  assert.equal(status.state, 'running');
  assert.deepEqual(
    status.services.map(({ name, problem }) => [name, problem]),
    [
      ['kafka', undefined],
      ['registry', undefined],
      ['neo4j', undefined],
    ],
  );
  await assert.rejects(startDetachedStack({ dataDir, ports }), /already/);
  await assert.rejects(resetStack({ dataDir }), /stop it before/);

  assert.equal(await stopDetachedStack({ dataDir }), true);
  assert.equal((await getStackStatus({ dataDir })).state, 'stopped');
  await resetStack({ dataDir });
  await assert.rejects(access(dataDir));
});
