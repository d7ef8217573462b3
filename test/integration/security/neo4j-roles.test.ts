import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import neo4j, { type Driver, Neo4jError, type Plan } from 'neo4j-driver';
import { type Lab, type Pipeline, startLab } from '../../support/pipeline.ts';
import { runCommand } from '../../support/run-command.ts';
import { tempFolder } from '../../support/temp-folder.ts';

/*
 * Neo4j Community has no roles, but it reads the commands that make them, and it plans. So: every statement that a part sends is
 * planned by the server, what its operators need is looked up, and compared with what docs/security.md grants.
 * https://neo4j.com/docs/cypher-manual/5/planning-and-tuning/operators/
 * https://neo4j.com/docs/operations-manual/5/authentication-authorization/privileges-writes/
 * https://neo4j.com/docs/operations-manual/5/authentication-authorization/database-administration/
 */

type Part = 'load' | 'replay' | 'status';

/** What operators need beside MATCH. What a text writes may be new to the database: a label, a type, a property. */
const needs: readonly [RegExp, readonly string[]][] = [
  [/^(Create|Merge|LockingMerge|SubqueryForeach|Foreach|Set\w+)$/, ['WRITE', 'NAME MANAGEMENT']],
  [/^(Delete|DetachDelete|RemoveLabels)$/, ['WRITE']],
  [/^(CreateIndex|DoNothingIfExists\(INDEX\)|DropIndex|ShowIndexes)$/, ['INDEX MANAGEMENT']],
  [/^(CreateConstraint|DoNothingIfExists\(CONSTRAINT\)|DropConstraint|ShowConstraints)$/, ['CONSTRAINT MANAGEMENT']],
];
/** And those that only read, or pass on what they are given. */
const reads =
  /^((Anti)?SemiApply|Apply|Argument|CacheProperties|CartesianProduct|Distinct|Eager(Aggregation)?|EmptyResult|Filter|Limit|\w+(Seek|SeekByRange|Scan)(\(Locking\))?|Optional|(Optional)?Expand\((All|Into)\)|ProcedureCall|ProduceResults|Projection|RollUpApply|Skip|Sort|Top|Union|Unwind)$/;

let lab: Lab;
let pipeline: Pipeline;
let driver: Driver;
let folder: Awaited<ReturnType<typeof tempFolder>>;

before(async () => {
  [lab, folder] = await Promise.all([
    startLab({ accounts: 2, instances: 1, regions: ['us-east-1'], seed: 5, scale: 0.3 }),
    tempFolder(),
  ]);
  pipeline = await lab.open();
  const { uri, user, password } = lab.servers.neo4j;
  driver = neo4j.driver(uri, neo4j.auth.basic(user, password));
});
after(async () => {
  await driver.close();
  await pipeline[Symbol.asyncDispose]();
  await lab.close();
  await folder[Symbol.asyncDispose]();
});

/** The statements of a command, each once. */
async function sentBy(part: Part, options: readonly string[]): Promise<string[]> {
  const { kafka, registryUrl, neo4j: server } = lab.servers;
  const log = ['--kafka-bootstrap-servers', kafka.join(','), '--schema-registry-url', registryUrl];
  const graph = ['--neo4j-uri', server.uri, '--neo4j-user', server.user];
  const file = path.join(folder.path, part);
  const { exitCode, stderr } = await runCommand(
    [part, '--topic-prefix', pipeline.topicPrefix, ...log, ...graph, ...options],
    {
      CARTOGRAPHY_NEO4J_PASSWORD: server.password,
      NODE_OPTIONS: `--import ${path.join(import.meta.dirname, '..', '..', 'support', 'record-cypher.ts')}`,
      RECORD_CYPHER: file,
    },
  );
  assert.ok(exitCode === 0 || exitCode === 5, `${part}: ${stderr.slice(-2_000)}`);
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  return [...new Set(lines)].map((line) => JSON.parse(line) as string);
}

function operatorsOf({ operatorType, children }: Plan): string[] {
  return [operatorType.replace(/@.*$/, ''), ...children.flatMap(operatorsOf)];
}

async function neededFor(text: string): Promise<string[]> {
  const { summary } = await driver.executeQuery(`EXPLAIN ${text}`);
  return operatorsOf(summary.plan as Plan).flatMap((operator) => {
    const known = needs.find(([pattern]) => pattern.test(operator));
    assert.ok(known !== undefined || reads.test(operator), `what does ${operator} need? It is in the plan of ${text}`);
    return known?.[1] ?? [];
  });
}

const needed = new Map<string, Promise<string[]>>();

async function neededBy(texts: readonly string[]): Promise<Set<string>> {
  for (const text of texts) if (!needed.has(text)) needed.set(text, neededFor(text));
  return new Set(['ACCESS', 'MATCH', ...(await Promise.all(texts.map((text) => needed.get(text)!))).flat()]);
}

/** The roles' commands, as the page has them. */
function commands(): string[] {
  const page = readFileSync('docs/security.md', 'utf8');
  return [...page.matchAll(/^(?:CREATE ROLE|GRANT) [^;]+(?=;)/gm)].map(([command]) => command);
}

function grantedTo(role: string): Set<string> {
  const granted = commands().flatMap((command) => {
    const grant = /^GRANT (?<privilege>[A-Z ]+?) (?:\{\*\} )?ON (?:GRAPH|DATABASE) neo4j TO (?<to>\w+)$/.exec(command);
    return grant?.groups!['to'] === role ? [grant.groups['privilege']!] : [];
  });
  return new Set(granted);
}

async function codeOf(command: string): Promise<string> {
  const error: unknown = await driver.executeQuery(command).then(
    () => undefined,
    (error: unknown) => error,
  );
  assert.ok(error instanceof Neo4jError);
  return error.code;
}

test('the server reads the commands that make the roles', async () => {
  assert.equal(commands().length, 10);
  for (const command of commands()) {
    assert.equal(await codeOf(command), 'Neo.ClientError.Statement.UnsupportedAdministrationCommand', command);
  }
  const wrong = commands()[3]!.replace('GRANT', 'GRANTS');
  assert.equal(await codeOf(wrong), 'Neo.ClientError.Statement.SyntaxError', 'the check itself can fail');
});

test('load and replay need what their role is granted, and no more', async () => {
  // Two runs, so that there is something to clean up.
  await pipeline.collect({ tag: 1_767_225_600 });
  await pipeline.collect({ tag: 1_767_229_200, requestedSyncs: ['ec2:vpc', 's3', 'iam'] });
  const granted = grantedTo('cartography_load');
  assert.deepEqual(await neededBy(await sentBy('load', ['--until-caught-up'])), granted);
  await pipeline.graph.query('MATCH (n) DETACH DELETE n');
  assert.deepEqual(await neededBy(await sentBy('replay', ['--graph', 'rebuilt'])), granted);
});

test('status needs no more than reading', async () => {
  assert.deepEqual(await neededBy(await sentBy('status', ['--json'])), grantedTo('cartography_status'));
});

test('whoever is in the role PUBLIC may await an index', async () => {
  const { records } = await driver.executeQuery(
    "SHOW PROCEDURES YIELD name, admin WHERE name = 'db.awaitIndex' RETURN admin",
  );
  assert.deepEqual(
    records.map((record) => record.get('admin') as boolean),
    [false],
  );
});
