import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

const root = path.resolve(import.meta.dirname, '../../..');

/** What the code of each folder may import from. The log and its schemas are the only contract between the two sides. */
const allowed: Record<string, readonly string[]> = {
  platform: ['platform'],
  schemas: ['schemas', 'platform'],
  producers: ['producers', 'schemas', 'platform'],
  consumers: ['consumers', 'schemas', 'platform'],
  stack: ['stack', 'platform'],
  cli: ['cli', 'producers', 'consumers', 'schemas', 'platform', 'stack'],
};

function importsOf(file: string): string[] {
  const text = readFileSync(path.join(root, file), 'utf8');
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(([, specifier]) => specifier!);
}

for (const [folder, targets] of Object.entries(allowed)) {
  test(`${folder}/ imports only from ${targets.join('/, ')}/`, () => {
    const files = globSync(`${folder}/**/*.ts`, { cwd: root });
    const wrong = files.flatMap((file) =>
      importsOf(file)
        .filter((specifier) => specifier.startsWith('.'))
        .map((specifier) => path.relative(root, path.resolve(root, path.dirname(file), specifier)))
        .filter((target) => !targets.includes(target.split(path.sep)[0]!))
        .map((target) => `${file} imports ${target}`),
    );
    assert.ok(files.length > 0);
    assert.deepEqual(wrong, []);
  });
}

test('only platform/kafka/ knows a Kafka client, only consumers/graph/ a Neo4j driver, only platform/telemetry/ a metrics or tracing library', () => {
  const homes: Record<string, RegExp> = {
    kafkajs: /^platform\/kafka\//,
    'neo4j-driver': /^(consumers\/graph|stack\/neo4j)\//,
    'prom-client': /^platform\/telemetry\//,
    '@opentelemetry': /^platform\/telemetry\//,
  };
  const wrong = Object.keys(allowed).flatMap((folder) =>
    globSync(`${folder}/**/*.ts`, { cwd: root }).flatMap((file) =>
      importsOf(file)
        .filter((specifier) =>
          Object.entries(homes).some(
            ([client, home]) => (specifier === client || specifier.startsWith(`${client}/`)) && !home.test(file),
          ),
        )
        .map((specifier) => `${file} imports ${specifier}`),
    ),
  );
  assert.deepEqual(wrong, []);
});
