import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { cacheFolder } from './cache-folder.ts';
import { withInstallLock } from './with-install-lock.ts';

export interface Installation {
  /** e.g. `kafka-4.3.1`. */
  name: string;
  /** The files that decide what is installed; a change to any of them means another folder. */
  pins: readonly string[];
  /** Fills the empty folder; it is thrown away if this rejects. `finalFolder` is where it will be moved to. */
  install: (folder: string, finalFolder: string) => Promise<void>;
  log?: ((line: string) => void) | undefined;
}

/** The folder of an installation, which is made first if it is not there. Safe when several processes ask at once. */
export async function installOnce({ name, pins, install, log }: Installation): Promise<string> {
  const hash = createHash('sha256');
  for (const file of pins) hash.update(await readFile(file));
  const cache = cacheFolder();
  const target = path.join(cache, `${name}-${hash.digest('hex').slice(0, 12)}`);
  if (await exists(target)) return target;

  await mkdir(cache, { recursive: true });
  const onWait = () => log?.(`waiting for another process that installs into ${cache}`);
  await withInstallLock(cache, onWait, async () => {
    if (await exists(target)) return;
    log?.(`installing ${name} into ${target} (once)`);
    const unfinished = await mkdtemp(path.join(cache, 'unfinished-'));
    try {
      await install(unfinished, target);
      await rename(unfinished, target);
    } finally {
      await rm(unfinished, { recursive: true, force: true });
    }
  });
  return target;
}

async function exists(folder: string): Promise<boolean> {
  return stat(folder).then(
    () => true,
    () => false,
  );
}
