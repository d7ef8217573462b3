import { stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { InfrastructureError } from '../platform/errors.ts';
import { FileLock } from './file-lock.ts';

/** Where `stack up` keeps its data unless told otherwise. */
export function defaultDataDir(environment: NodeJS.ProcessEnv = process.env): string {
  const base = environment['XDG_DATA_HOME'];
  return path.join(
    base !== undefined && path.isAbsolute(base) ? base : path.join(os.homedir(), '.local', 'share'),
    'cartography-stream',
    'stack',
  );
}

/** Takes the folder for one stack. Throws InfrastructureError CS_STACK while another runs on it. */
export async function lockDataDir(dataDir: string): Promise<FileLock> {
  const lock = await FileLock.tryAcquire(lockFile(dataDir));
  if (lock === undefined) {
    throw new InfrastructureError(
      'CS_STACK',
      `A stack is running on ${dataDir} already: stop it, or choose another data folder.`,
    );
  }
  return lock;
}

/** Whether a stack runs on this folder, ready or not. */
export async function isInUse(dataDir: string): Promise<boolean> {
  const used = await stat(lockFile(dataDir)).catch(() => undefined);
  if (used === undefined) return false;
  const lock = await FileLock.tryAcquire(lockFile(dataDir));
  lock?.release();
  return lock === undefined;
}

function lockFile(dataDir: string): string {
  return path.join(dataDir, 'stack.lock');
}
