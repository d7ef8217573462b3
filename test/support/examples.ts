import assert from 'node:assert/strict';
import { cp } from 'node:fs/promises';
import path from 'node:path';

import { findJava, findMaven } from '../../stack/install/find-tools.ts';
import { installPython } from '../../stack/install/install-python.ts';
import { runTool } from '../../stack/install/run-tool.ts';
import { type RunningCommand, startProcess } from './run-command.ts';

/** What both examples are told. */
export interface Addresses {
  kafka: readonly string[];
  registryUrl: string;
  topicPrefix: string;
}

export interface Examples {
  /** A Python with the example's requirements: confluent-kafka and what its Avro deserializer needs. */
  python: string;
  startAssets(addresses: Addresses, database: string, ...more: string[]): RunningCommand;
  startChanges(addresses: Addresses, ...more: string[]): RunningCommand;
}

const examples = path.join(import.meta.dirname, '..', '..', 'examples');
const assetsScript = path.join(examples, 'python-assets', 'assets.py');

/** Installs and builds the examples; the Java one in this folder, so that the checkout stays clean. */
export async function prepareExamples(folder: string): Promise<Examples> {
  const [python, java, jar] = await Promise.all([installClient(), findJava(), buildChanges(folder)]);
  return {
    python,
    startAssets: (addresses, database, ...more) =>
      startProcess(python, [assetsScript, ...optionsOf(addresses), '--database', database, ...more]),
    startChanges: (addresses, ...more) => startProcess(java.command, ['-jar', jar, ...optionsOf(addresses), ...more]),
  };
}

/** The Python of the example. */
export function installClient(): Promise<string> {
  return installPython({
    name: 'confluent-kafka-python-2.16.0',
    requirements: path.join(examples, 'python-assets', 'requirements.txt'),
  });
}

async function buildChanges(folder: string): Promise<string> {
  const copy = path.join(folder, 'java-changes');
  const isSource = (file: string): boolean => path.basename(file) !== 'target';
  await cp(path.join(examples, 'java-changes'), copy, { recursive: true, filter: isSource });
  const { exitCode, output } = await runTool(await findMaven(), ['-q', '-B', 'package'], { cwd: copy });
  assert.equal(exitCode, 0, output);
  return path.join(copy, 'target', 'changes.jar');
}

function optionsOf({ kafka, registryUrl, topicPrefix }: Addresses): string[] {
  const topics = ['--topic-prefix', topicPrefix];
  return ['--bootstrap-servers', kafka.join(','), '--schema-registry-url', registryUrl, ...topics];
}
