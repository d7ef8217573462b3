import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { findJava } from '../../stack/install/find-tools.ts';
import { runTool } from '../../stack/install/run-tool.ts';
import { installNeo4j, JAVA_OPTIONS } from '../../stack/neo4j/neo4j-server.ts';

/**
 * `neo4j-admin database import full` into a new database, without a server. Resolves with the seconds from the start of
 * the program to its end.
 * https://neo4j.com/docs/operations-manual/5/tools/neo4j-admin/neo4j-admin-import/
 */
export async function importCsv(parameters: readonly string[]): Promise<number> {
  const java = await findJava();
  const jars = await installNeo4j();
  const home = await mkdtemp(path.join(os.tmpdir(), 'cartography-stream-import-'));
  try {
    await mkdir(path.join(home, 'conf'));
    const started = performance.now();
    const { exitCode, output } = await runTool(
      java.command,
      [
        ...['-Xmx1024m', ...JAVA_OPTIONS, '-cp', path.join(jars, '*'), 'org.neo4j.cli.AdminTool'],
        ...[
          'database',
          'import',
          'full',
          'neo4j',
          '--id-type=string',
          '--array-delimiter=;',
          '--skip-bad-relationships=true',
        ],
        ...['--bad-tolerance=1000000', '--multiline-fields=true', ...parameters],
      ],
      { cwd: home, environment: { NEO4J_HOME: home, NEO4J_CONF: path.join(home, 'conf') } },
    );
    if (exitCode !== 0) throw new Error(`neo4j-admin ended with ${exitCode}: ${output}`);
    return (performance.now() - started) / 1_000;
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}
