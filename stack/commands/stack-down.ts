import { rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { InfrastructureError } from '../../platform/errors.ts';
import { defaultDataDir, isInUse } from '../data-dir.ts';
import { readState } from './stack-state.ts';

const STOP_LIMIT_SECONDS = 120;
const POLL_MILLISECONDS = 100;

/** Stops the stack that runs on this folder, in order; false when none does. Throws InfrastructureError when it does not end. */
export async function stopDetachedStack(options: { dataDir?: string } = {}): Promise<boolean> {
  const dataDir = path.resolve(options.dataDir ?? defaultDataDir());
  const state = await readState(dataDir);
  if (state === undefined) {
    if (await isInUse(dataDir)) {
      throw new InfrastructureError('CS_STACK', `The stack on ${dataDir} is starting or stopping: try again soon.`, {
        retryable: true,
      });
    }
    return false;
  }
  process.kill(state.pid, 'SIGTERM');
  const deadline = performance.now() + STOP_LIMIT_SECONDS * 1000;
  while (await isInUse(dataDir)) {
    if (performance.now() > deadline) {
      throw new InfrastructureError(
        'CS_STACK',
        `The stack on ${dataDir} (process ${state.pid}) has not ended within ${STOP_LIMIT_SECONDS} s.`,
      );
    }
    await sleep(POLL_MILLISECONDS);
  }
  return true;
}

/** Throws the data of a stopped stack away. Throws InfrastructureError while it runs. */
export async function resetStack(options: { dataDir?: string } = {}): Promise<void> {
  const dataDir = path.resolve(options.dataDir ?? defaultDataDir());
  if (await isInUse(dataDir)) {
    throw new InfrastructureError(
      'CS_STACK',
      `A stack is running on ${dataDir}: stop it before its data is thrown away.`,
    );
  }
  await rm(dataDir, { recursive: true, force: true });
}
