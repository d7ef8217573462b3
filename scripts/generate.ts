import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

import { loadCatalogue } from '../schemas/catalogue.ts';
import { generatedFiles } from './generate/generated-files.ts';

/* `npm run generate`: writes what is derived from the .avsc files. */
for (const { path, text } of generatedFiles(loadCatalogue())) {
  const file = fileURLToPath(new URL(`../${path}`, import.meta.url));
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
  console.error(`wrote ${path}`);
}
