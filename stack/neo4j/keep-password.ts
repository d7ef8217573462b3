import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { UsageError } from '../../platform/errors.ts';

const SHORTEST = 8;

/**
 * The password of the database in this folder: the one that it was made with, else the wanted one, else a new one. It
 * is kept in a file that only the user can read. Throws UsageError when the wanted one is too short or not the kept one.
 */
export async function keepPassword(folder: string, wanted: string | undefined): Promise<string> {
  if (wanted !== undefined && wanted.length < SHORTEST) {
    throw new UsageError(`Neo4j takes no password of fewer than ${SHORTEST} characters.`, { setting: 'neo4jPassword' });
  }
  const file = passwordFile(folder);
  const kept = await readFile(file, 'utf8').catch(() => undefined);
  if (kept !== undefined && wanted !== undefined && kept !== wanted) {
    throw new UsageError(
      `The database in ${folder} was made with another password, which is in ${file}: give that one, or none.`,
      { setting: 'neo4jPassword' },
    );
  }
  if (kept !== undefined) return kept;
  const password = wanted ?? randomBytes(18).toString('base64url');
  await mkdir(folder, { recursive: true });
  await writeFile(file, password, { mode: 0o600 });
  return password;
}

export function passwordFile(folder: string): string {
  return path.join(folder, 'password');
}
