import { readFile } from 'node:fs/promises';

import type { Route } from './http-server.ts';

const files = {
  '/': ['index.html', 'text/html; charset=utf-8'],
  '/status.css': ['status.css', 'text/css; charset=utf-8'],
  '/status.js': ['status.js', 'text/javascript; charset=utf-8'],
} as const;

/** The status page's files, by path. */
export async function readPage(): Promise<Record<string, Route>> {
  const routes: Record<string, Route> = {};
  for (const [path, [name, contentType]] of Object.entries(files)) {
    const body = await readFile(new URL(`./page/${name}`, import.meta.url), 'utf8');
    routes[path] = () => ({ contentType, body });
  }
  return routes;
}
