import assert from 'node:assert/strict';
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { test } from 'node:test';

import { SchemaError } from '../../../platform/errors.ts';
import { loadCatalogue } from '../../../schemas/catalogue.ts';

function thing(name: string, namespace: string, sync = 'test'): object {
  const fields = [
    { name: 'accountId', type: 'string' },
    { name: 'region', type: 'string' },
    { name: 'updateTag', type: 'long' },
    { name: 'Id', type: 'string' },
  ];
  return { type: 'record', name, namespace, graph: { sync, label: name, id: 'Id' }, fields };
}

async function folderOf(t: TestContext, files: Record<string, object | string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'catalogue-'));
  t.after(() => rm(folder, { recursive: true }));
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return folder;
}

test('record types and markers are found by name, record types by sync too', async (t) => {
  const marker = { type: 'record', name: 'M', namespace: 'cartography.aws.markers', fields: [] };
  const folder = await folderOf(t, {
    'aws/B.avsc': thing('B', 'cartography.aws', 'one'),
    'aws/ec2/A.avsc': thing('A', 'cartography.aws.ec2', 'two'),
    'aws/ec2/C.avsc': thing('C', 'cartography.aws.ec2', 'two'),
    'aws/markers/M.avsc': marker,
    'aws/README.md': 'not a schema',
  });

  const catalogue = loadCatalogue(folder);

  const names = ['cartography.aws.B', 'cartography.aws.ec2.A', 'cartography.aws.ec2.C'];
  assert.deepEqual(
    catalogue.all().map(({ name }) => name),
    names,
  );
  assert.deepEqual(
    catalogue.ofSync('two').map(({ label }) => label),
    ['A', 'C'],
  );
  assert.deepEqual(catalogue.ofSync('three'), []);
  assert.equal(catalogue.get('cartography.aws.B')?.sync, 'one');
  assert.equal(catalogue.get('cartography.aws.markers.M'), undefined);
  assert.deepEqual([...catalogue.markers.keys()], ['cartography.aws.markers.M']);
  assert.deepEqual(catalogue.avro('cartography.aws.markers.M'), marker);
  assert.deepEqual([...catalogue.avroByName().keys()], [...names, 'cartography.aws.markers.M']);
});

const broken: [string, string, object | string, RegExp][] = [
  ['is no JSON', 'aws/A.avsc', '{', /schemas\/aws\/A\.avsc: is not JSON/],
  [
    'has another name than its file',
    'aws/A.avsc',
    thing('B', 'cartography.aws'),
    /must be cartography\.aws\.A, not "cartography\.aws\.B"/,
  ],
  [
    'has another namespace than its folder',
    'aws/s3/A.avsc',
    thing('A', 'cartography.aws.ec2'),
    /must be cartography\.aws\.s3\.A/,
  ],
  [
    'breaks the contract',
    'aws/A.avsc',
    { ...thing('A', 'cartography.aws'), graph: {} },
    /schema cartography\.aws\.A: graph\./,
  ],
  ['has no name', 'aws/A.avsc', '{}', /schemas\/aws\/A\.avsc: the name must be cartography\.aws\.A/],
  ['is no object', 'aws/A.avsc', 'null', /schemas\/aws\/A\.avsc: the name must be cartography\.aws\.A/],
];
for (const [what, path, content, message] of broken) {
  test(`a file that ${what} is named in a SchemaError`, async (t) => {
    const folder = await folderOf(t, { [path]: content });

    assert.throws(
      () => loadCatalogue(folder),
      (error) => error instanceof SchemaError && message.test(error.message),
    );
  });
}
