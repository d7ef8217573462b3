import assert from 'node:assert/strict';
import { cp } from 'node:fs/promises';
import path from 'node:path';

import { findMaven } from '../../stack/install/find-tools.ts';
import { installPython } from '../../stack/install/install-python.ts';
import { runTool } from '../../stack/install/run-tool.ts';

const examples = path.join(import.meta.dirname, '..', '..', 'examples');

/** The script of the Python example. */
export const assetsScript = path.join(examples, 'python-assets', 'assets.py');

/** A Python that has the example's requirements: confluent-kafka and what its Avro deserializer needs. */
export function installExample(name: 'python-assets'): Promise<string> {
  return installPython({
    name: 'confluent-kafka-python-2.16.0',
    requirements: path.join(examples, name, 'requirements.txt'),
  });
}

/** Builds the Java example in this folder, and returns its jar. */
export async function buildExample(name: 'java-changes', folder: string): Promise<string> {
  await cp(path.join(examples, name), folder, { recursive: true, filter: (file) => path.basename(file) !== 'target' });
  const { exitCode, output } = await runTool(await findMaven(), ['-q', '-B', 'package'], { cwd: folder });
  assert.equal(exitCode, 0, output);
  return path.join(folder, 'target', 'changes.jar');
}
