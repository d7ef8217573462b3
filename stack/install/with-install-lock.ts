import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';

const RETRY_MILLISECONDS = 200;

/**
 * Runs `work` while no other process does so for the same folder. The lock is SQLite's on a file, which the operating
 * system lets go when its holder dies: no stale lock is ever left behind.
 */
export async function withInstallLock<T>(folder: string, onWait: () => void, work: () => Promise<T>): Promise<T> {
  await mkdir(folder, { recursive: true });
  const database = new DatabaseSync(path.join(folder, 'install.lock'), { timeout: 0 });
  try {
    let waiting = false;
    while (!tryLock(database)) {
      if (!waiting) onWait();
      waiting = true;
      await sleep(RETRY_MILLISECONDS);
    }
    return await work();
  } finally {
    database.close();
  }
}

function tryLock(database: DatabaseSync): boolean {
  try {
    database.exec('BEGIN EXCLUSIVE');
    return true;
  } catch (error) {
    if ((error as { errcode?: number }).errcode === 5) return false; // SQLITE_BUSY
    throw error;
  }
}
