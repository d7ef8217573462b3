import assert from 'node:assert/strict';
import { test } from 'node:test';
import { classifyFailure } from '../../consumers/graph/failure.ts';
import { Store, StoreTransaction } from './memory-graph/store.ts';

const begin = (store: Store): StoreTransaction => new StoreTransaction(store, () => Promise.resolve());

async function write(tx: StoreTransaction, key: string): Promise<void> {
  await tx.lock('referenceKind', key);
  tx.put('referenceKind', key, { stage: 'links', target: key });
}

test('what is written is seen by others from the commit on, in the middle of their transactions', async () => {
  const store = new Store();
  const [writer, reader] = [begin(store), begin(store)];
  await write(writer, 'a');
  assert.notEqual(writer.get('referenceKind', 'a'), undefined);
  assert.equal(reader.get('referenceKind', 'a'), undefined);
  writer.commit();
  assert.notEqual(reader.get('referenceKind', 'a'), undefined);
});

test('what is rolled back was never there', async () => {
  const store = new Store();
  const writer = begin(store);
  await write(writer, 'a');
  writer.rollback();
  assert.deepEqual(begin(store).all('referenceKind'), []);
});

test('a lock is held until the end of its transaction', async () => {
  const store = new Store();
  const [first, second] = [begin(store), begin(store)];
  await write(first, 'a');
  let isLocked = false;
  const locking = second.lock('referenceKind', 'a').then(() => (isLocked = true));
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(isLocked, false);
  first.commit();
  await locking;
  assert.notEqual(second.get('referenceKind', 'a'), undefined);
});

test('who would wait in a circle gets a transient error', async () => {
  const store = new Store();
  const [first, second] = [begin(store), begin(store)];
  await write(first, 'a');
  await write(second, 'b');
  const waiting = first.lock('referenceKind', 'b');
  await assert.rejects(second.lock('referenceKind', 'a'), (error) => classifyFailure(error) === 'transient');
  second.rollback();
  await waiting;
});
