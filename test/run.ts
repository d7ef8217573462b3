/**
 * `npm test`: unit and property tests and the simulation, then the integration tests against a Kafka, a registry and a Neo4j that are
 * started once for all of them. `npm test -- law kafka` runs only the files whose path contains one of the words.
 */
import { spawn } from 'node:child_process';
import { globSync } from 'node:fs';
import { startStack } from '../stack/stack.ts';

const endings = ['SIGINT', 'SIGTERM'] as const;
const words = process.argv.slice(2);
const seed = process.env['TEST_SEED'] ?? String(Math.floor(Math.random() * 1_000_000));
const chosen = (pattern: string): string[] =>
  globSync(pattern).filter((file) => words.length === 0 || words.some((word) => file.includes(word)));

function runTests(
  files: readonly string[],
  concurrency: number,
  environment: Record<string, string> = {},
): Promise<number> {
  if (files.length === 0) return Promise.resolve(0);
  const child = spawn(
    process.execPath,
    ['--test', `--test-concurrency=${concurrency}`, '--test-reporter=spec', ...files.toSorted()],
    { stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, TEST_SEED: seed, ...environment } },
  );
  // Told to end, this process would leave the tests behind.
  const end = (signal: NodeJS.Signals): void => void child.kill(signal);
  for (const signal of endings) process.on(signal, end);
  return new Promise((resolve) =>
    child.on('exit', (code) => {
      for (const signal of endings) process.off(signal, end);
      resolve(code ?? 1);
    }),
  );
}

console.log(`seed ${seed} (repeat with TEST_SEED=${seed})`);
let failed = await runTests(
  ['unit', 'property', 'model'].flatMap((kind) => chosen(`test/${kind}/**/*.test.ts`)),
  2,
);
const integration = chosen('test/integration/**/*.test.ts');
if (integration.length > 0) {
  const stack = await startStack({ log: (line) => console.error(line) });
  try {
    const [neo4j] = stack.neo4j;
    const onServers = await runTests(integration, 1, {
      TEST_KAFKA: stack.kafka.bootstrapServers,
      TEST_REGISTRY: stack.registry.url,
      TEST_NEO4J: neo4j!.uri,
      TEST_NEO4J_PASSWORD: neo4j!.password,
    });
    failed ||= onServers;
  } finally {
    await stack.stop();
  }
}
process.exitCode = failed;
