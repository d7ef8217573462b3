import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { Chunker, sendLargerChunks } from '../../../consumers/graph/larger-chunks.ts';

const driver = createRequire(import.meta.resolve('neo4j-driver'));
const { alloc } = driver('neo4j-driver-bolt-connection/lib/channel/channel-buf.js') as {
  alloc: (bytes: number) => unknown;
};

test('the driver sends a large message in few writes', () => {
  for (let connections = 0; connections < 2; connections++) sendLargerChunks();
  let writes = 0;
  const chunker = new Chunker({ write: () => writes++ });
  chunker.writeBytes(alloc(300_000));
  chunker.flush();
  assert.equal(writes, 10);
});
