import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { readLogTail } from '../../stack/server/read-log-tail.ts';
import type { Stack } from '../../stack/stack.ts';

const main = path.join(import.meta.dirname, '..', '..', 'cli', 'main.ts');
const passwordVariable = 'OURS_NEO4J_PASSWORD';

export interface OurRun {
  /** Kafka, the registry and Neo4j. */
  stack: Stack;
  /** Variables by which it finds AWS; the process's own are left out. */
  aws: Readonly<Record<string, string>>;
  regions: readonly string[];
  requestedSyncs: readonly string[];
  /** Seconds; above that of the run before. */
  updateTag: number;
  logFile: string;
}

/** One run of this project's command, as a user would start it. Resolves to the seconds it took; throws with the end of its log when it fails. */
export async function runOurs(run: OurRun): Promise<number> {
  const neo4j = run.stack.neo4j[0]!;
  const options = {
    '--neo4j-uri': neo4j.uri,
    '--neo4j-user': neo4j.user,
    '--neo4j-password-env-var': passwordVariable,
    '--kafka-bootstrap-servers': run.stack.kafka.bootstrapServers,
    '--schema-registry-url': run.stack.registry.url,
    '--update-tag': String(run.updateTag),
    '--aws-regions': run.regions.join(','),
    '--aws-requested-syncs': run.requestedSyncs.join(','),
  };
  const log = await open(run.logFile, 'a');
  const startedAt = performance.now();
  const child = spawn(process.execPath, [main, '--aws-sync-all-profiles', ...Object.entries(options).flat()], {
    env: {
      ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_'))),
      ...run.aws,
      [passwordVariable]: neo4j.password,
    },
    stdio: ['ignore', log.fd, log.fd],
  });
  const [exitCode] = (await once(child, 'exit')) as [number | null];
  await log.close();
  if (exitCode !== 0) {
    throw new Error(`the run ended with ${exitCode}; its log: ${run.logFile}\n${await readLogTail(run.logFile, 30)}`);
  }
  return (performance.now() - startedAt) / 1000;
}
