import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { isInUse } from '../data-dir.ts';

/** What `stack up` writes into its data folder for `status` and `down`. */
export interface StackState {
  /** The process that owns the servers. */
  pid: number;
  bootstrapServers: string;
  registryUrl: string;
  neo4jUri: string;
  neo4jUser: string;
  /** The password itself is not in the state. */
  neo4jPasswordFile: string;
  /** Neo4j's browser, if it was asked for. */
  neo4jHttpUrl?: string;
}

export async function writeState(dataDir: string, state: StackState): Promise<void> {
  const unfinished = `${stateFile(dataDir)}.unfinished`;
  await writeFile(unfinished, `${JSON.stringify(state, null, 2)}\n`);
  await rename(unfinished, stateFile(dataDir));
}

export async function removeState(dataDir: string): Promise<void> {
  await rm(stateFile(dataDir), { force: true });
}

/** The state of the stack that runs on this folder; undefined when none does, whatever an earlier one left there. */
export async function readState(dataDir: string): Promise<StackState | undefined> {
  if (!(await isInUse(dataDir))) return undefined;
  const text = await readFile(stateFile(dataDir), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as StackState);
}

function stateFile(dataDir: string): string {
  return path.join(dataDir, 'stack.json');
}
