import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { InfrastructureError } from '../../platform/errors.ts';
import { installPython } from '../install/install-python.ts';
import { readLogTail } from '../server/read-log-tail.ts';

const version = '0.143.0';
const loopback = path.join(import.meta.dirname, 'loopback');
const passwordVariable = 'REFERENCE_NEO4J_PASSWORD';

export interface ReferenceRun {
  /** What `installReference` returned. */
  python: string;
  neo4j: { uri: string; user: string; password: string };
  /** Variables by which it finds AWS, e.g. those of the stand-in; the process's own are left out. */
  aws: Readonly<Record<string, string>>;
  regions: readonly string[];
  requestedSyncs: readonly string[];
  /** Seconds; another one than that of the run before. */
  updateTag: number;
  logFile: string;
}

/** Installs Cartography and what it needs (1.6 GB) into the cache, once, and returns its Python, which must be 3.11 or newer. */
export function installReference(log?: (line: string) => void): Promise<string> {
  const requirements = path.join(import.meta.dirname, 'requirements.txt');
  return installPython({ name: `cartography-${version}`, requirements, log });
}

/**
 * One run of Cartography over all profiles. Resolves to the seconds it took; throws InfrastructureError CS_STACK with the
 * end of its log when it fails.
 */
export async function runReference(run: ReferenceRun): Promise<number> {
  const options = {
    '--selected-modules': 'create-indexes,aws',
    '--neo4j-uri': run.neo4j.uri,
    '--neo4j-user': run.neo4j.user,
    '--neo4j-password-env-var': passwordVariable,
    '--update-tag': String(run.updateTag),
    '--aws-regions': run.regions.join(','),
    '--aws-requested-syncs': run.requestedSyncs.join(','),
    // Its default is relative to the working directory, and not there.
    '--permission-relationships-file': permissionRelationships(run.python),
  };
  const log = await open(run.logFile, 'a');
  const startedAt = performance.now();
  const child = spawn(run.python, ['-m', 'cartography', '--aws-sync-all-profiles', ...Object.entries(options).flat()], {
    env: {
      ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_'))),
      ...run.aws,
      [passwordVariable]: run.neo4j.password,
      PYTHONPATH: loopback,
      PYTHONDONTWRITEBYTECODE: '1',
    },
    stdio: ['ignore', log.fd, log.fd],
  });
  const [exitCode] = (await once(child, 'exit')) as [number | null];
  await log.close();
  if (exitCode !== 0) {
    const tail = await readLogTail(run.logFile, 20);
    throw new InfrastructureError('CS_STACK', `Cartography ended with ${exitCode}; its log: ${run.logFile}\n${tail}`);
  }
  return (performance.now() - startedAt) / 1000;
}

function permissionRelationships(python: string): string {
  const folder = path.join(path.dirname(python), '..');
  const [file] = globSync('lib/python3*/site-packages/cartography/data/permission_relationships.yaml', { cwd: folder });
  if (file === undefined) throw new InfrastructureError('CS_STACK', `No permission_relationships.yaml below ${folder}`);
  return path.join(folder, file);
}
