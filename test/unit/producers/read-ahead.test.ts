import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readAhead } from '../../../producers/syncs/read-ahead.ts';

/** Pages that say when they are asked for. */
function pagesOf(count: number, options: { failAt?: number } = {}) {
  const said: string[] = [];
  async function* pages() {
    try {
      for (let page = 0; page < count; page++) {
        said.push(`asked ${page}`);
        await Promise.resolve();
        if (page === options.failAt) throw new Error(`page ${page} is denied`);
        yield page;
      }
    } finally {
      said.push('over');
    }
  }
  return { said, pages: readAhead(pages()) };
}

test('the next page is asked for before the current one is handed out', async () => {
  const { said, pages } = pagesOf(3);
  for await (const page of pages) said.push(`got ${page}`);
  assert.deepEqual(said, ['asked 0', 'asked 1', 'got 0', 'asked 2', 'got 1', 'over', 'got 2']);
});

test('an error comes after the pages before it', async () => {
  const got: number[] = [];
  const { pages } = pagesOf(3, { failAt: 1 });
  await assert.rejects(async () => {
    for await (const page of pages) got.push(page);
  }, /page 1 is denied/);
  assert.deepEqual(got, [0]);
});

test('who stops early stops the reading, and an error of the page ahead disturbs nobody', async () => {
  const { said, pages } = pagesOf(3, { failAt: 1 });
  for await (const page of pages) if (page === 0) break;
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(said.at(-1), 'over');
});
