import assert from 'node:assert/strict';
import { runCommand } from './run-command.ts';
import type { Servers } from './servers.ts';

/** What `dlq list` says of a letter. */
export interface ListedLetter {
  id: string;
  key: string;
  scope: string | null;
  reason: string;
}

/** `cartography dlq`, in a process of its own; what it prints. */
export async function runDlq(servers: Servers, topicPrefix: string, ...argv: string[]): Promise<unknown> {
  const log = ['--kafka-bootstrap-servers', servers.kafka.join(), '--schema-registry-url', servers.registryUrl];
  const { exitCode, stdout, stderr } = await runCommand([
    ...['dlq', ...argv, ...log, '--topic-prefix', topicPrefix, '--json'],
  ]);
  assert.equal(exitCode, 0, stderr);
  return JSON.parse(stdout);
}
