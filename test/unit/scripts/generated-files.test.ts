import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

import { generatedFiles } from '../../../scripts/generate/generated-files.ts';
import { loadCatalogue } from '../../../schemas/catalogue.ts';

for (const { path, text } of generatedFiles(loadCatalogue())) {
  test(`${path} is what npm run generate makes of the schemas`, async () => {
    const file = await readFile(new URL(`../../../${path}`, import.meta.url), 'utf8');

    assert.ok(file === text, `${path} is stale: npm run generate`);
  });
}
