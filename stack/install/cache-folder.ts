import os from 'node:os';
import path from 'node:path';

/** Where installed servers are kept: outside the repository, shared by all checkouts of a user. */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const base = environment['XDG_CACHE_HOME'];
  return path.join(
    base !== undefined && path.isAbsolute(base) ? base : path.join(os.homedir(), '.cache'),
    'cartography-stream',
    'stack',
  );
}
