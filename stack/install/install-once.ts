import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { FileLock } from '../file-lock.ts';
import { cacheFolder } from './cache-folder.ts';

export interface Installation {
  /** e.g. `kafka-4.3.1`. */
  name: string;
  /** The files that decide what is installed; a change to any of them means another folder. */
  pins: readonly string[];
  /** Anything else that it depends on, e.g. the version of Java. */
  variant?: string;
  /** Fills the empty folder, which is moved into place afterwards, or thrown away if this rejects. */
  install: (folder: string) => Promise<void>;
  /** Default: the user's cache. */
  cache?: string | undefined;
  log?: ((line: string) => void) | undefined;
}

const UNFINISHED = 'unfinished-';
const RETRY_MILLISECONDS = 200;

/** The folder of an installation, which is made first if it is not there. Safe when several processes ask at once. */
export async function installOnce({
  name,
  pins,
  variant = '',
  install,
  cache = cacheFolder(),
  log,
}: Installation): Promise<string> {
  const hash = createHash('sha256').update(variant);
  for (const file of pins) hash.update(await readFile(file));
  const target = path.join(cache, `${name}-${hash.digest('hex').slice(0, 12)}`);
  if (await exists(target)) return target;

  const lock = await waitForLock(cache, log);
  try {
    if (await exists(target)) return target;
    await removeUnfinished(cache);
    log?.(`installing ${name} into ${target} (once)`);
    const unfinished = await mkdtemp(path.join(cache, UNFINISHED));
    try {
      await install(unfinished);
      await rename(unfinished, target);
    } finally {
      await rm(unfinished, { recursive: true, force: true });
    }
  } finally {
    lock.release();
  }
  return target;
}

async function waitForLock(cache: string, log: Installation['log']): Promise<FileLock> {
  let waiting = false;
  for (;;) {
    const lock = await FileLock.tryAcquire(path.join(cache, 'install.lock'));
    if (lock !== undefined) return lock;
    if (!waiting) log?.(`waiting for another installation into ${cache}`);
    waiting = true;
    await sleep(RETRY_MILLISECONDS);
  }
}

/** What a killed process left: whoever holds the lock owns all unfinished folders. */
async function removeUnfinished(cache: string): Promise<void> {
  for (const name of await readdir(cache)) {
    if (name.startsWith(UNFINISHED)) await rm(path.join(cache, name), { recursive: true, force: true });
  }
}

async function exists(folder: string): Promise<boolean> {
  return stat(folder).then(
    () => true,
    () => false,
  );
}
