import assert from 'node:assert/strict';
import { runCommand } from './run-command.ts';
import type { Servers } from './servers.ts';
import { logOptions } from './server-options.ts';

/** What `dlq list` says of a letter. */
export interface ListedLetter {
  id: string;
  key: string;
  scope: string | null;
  reason: string;
}

/** `cartography dlq`, in a process of its own; what it prints. */
export async function runDlq(servers: Servers, topicPrefix: string, ...argv: string[]): Promise<unknown> {
  const { exitCode, stdout, stderr } = await runCommand([
    'dlq',
    ...argv,
    ...logOptions(servers, topicPrefix),
    '--json',
  ]);
  assert.equal(exitCode, 0, stderr);
  return JSON.parse(stdout);
}
