import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { CreateBucketCommand, DeleteBucketCommand, S3Client } from '@aws-sdk/client-s3';
import neo4j, { type Driver, Neo4jError } from 'neo4j-driver';
import { blocksOf } from '../../support/blocks-of.ts';
import { dropConstraints, dropIndexes } from '../../support/drop-definitions.ts';
import { memberClient } from '../../support/member-client.ts';
import { type Lab, type Pipeline, startLab } from '../../support/pipeline.ts';
import { type Operator, plansOf } from '../../support/query-plan.ts';
import { runCommand } from '../../support/run-command.ts';
import { graphOptions, logOptions } from '../../support/server-options.ts';
import { tempFolder } from '../../support/temp-folder.ts';

/*
 * Neo4j Community has no roles, but it reads the commands that make them, and it plans. So: every statement that a part sends is
 * planned by the server, what its operators need is looked up, and compared with what docs/security.md grants.
 * https://neo4j.com/docs/cypher-manual/5/planning-and-tuning/operators/
 * https://neo4j.com/docs/operations-manual/5/authentication-authorization/privileges-writes/
 * https://neo4j.com/docs/operations-manual/5/authentication-authorization/database-administration/
 */

type Part = 'load' | 'replay' | 'status';

const names = ['CREATE NEW LABEL', 'CREATE NEW TYPE', 'CREATE NEW NAME'];
/** Privileges that are several. MATCH is left whole. */
const compounds: Readonly<Record<string, readonly string[]>> = {
  WRITE: ['CREATE', 'DELETE', 'SET LABEL', 'REMOVE LABEL', 'SET PROPERTY'],
  'NAME MANAGEMENT': names,
  'INDEX MANAGEMENT': ['CREATE INDEX', 'DROP INDEX', 'SHOW INDEX'],
  'CONSTRAINT MANAGEMENT': ['CREATE CONSTRAINT', 'DROP CONSTRAINT', 'SHOW CONSTRAINT'],
};
/** What operators need beside ACCESS and MATCH. What a text writes may be new to the database: a label, a type, a property. */
const needs: readonly [RegExp, readonly string[]][] = [
  [/^Create$/, ['CREATE', ...names]],
  [/^(Locking)?Merge$/, ['CREATE', 'SET PROPERTY', ...names]],
  [/^Set(Dynamic)?(Node|Relationship)?Propert(y|ies)(FromMap)?$/, ['SET PROPERTY', 'CREATE NEW NAME']],
  // What is in it is not in the plan's operators; it always changes something.
  [/^Foreach$/, ['SET PROPERTY', 'CREATE NEW NAME']],
  [/^SetLabels$/, ['SET LABEL', 'CREATE NEW LABEL']],
  [/^RemoveLabels$/, ['REMOVE LABEL']],
  [/^(Detach)?Delete$/, ['DELETE']],
  [/^CreateIndex$/, ['CREATE INDEX', 'CREATE NEW LABEL', 'CREATE NEW NAME']],
  [/^DropIndex$/, ['DROP INDEX']],
  [/^ShowIndexes$/, ['SHOW INDEX']],
  [/^CreateConstraint$/, ['CREATE CONSTRAINT', 'CREATE NEW LABEL', 'CREATE NEW NAME']],
  [/^DropConstraint$/, ['DROP CONSTRAINT']],
  [/^ShowConstraints$/, ['SHOW CONSTRAINT']],
];
/** And those that only read, or pass on what they are given. */
const reads =
  /^((Anti)?SemiApply|Apply|Argument|CacheProperties|CartesianProduct|Distinct|DoNothingIfExists\((INDEX|CONSTRAINT)\)|Eager(Aggregation)?|EmptyResult|Filter|Limit|\w+(Seek|SeekByRange|Scan)(\(Locking\))?|Optional|(Optional)?Expand\((All|Into)\)|ProcedureCall|ProduceResults|Projection|RollUpApply|Skip|Sort|SubqueryForeach|Top|Union|Unwind)$/;

let lab: Lab;
let pipeline: Pipeline;
let driver: Driver;
let folder: Awaited<ReturnType<typeof tempFolder>>;
const procedures = new Set<string>();

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
  const { neo4j: server } = lab.servers;
  const file = path.join(folder.path, part);
  const { exitCode, stderr } = await runCommand(
    [part, ...logOptions(lab.servers, pipeline.topicPrefix), ...graphOptions(server), ...options],
    {
      GRAPH_PASSWORD: server.password,
      NODE_OPTIONS: `--import ${path.join(import.meta.dirname, '..', '..', 'support', 'record-cypher.ts')}`,
      RECORD_CYPHER: file,
    },
  );
  assert.ok(exitCode === 0 || exitCode === 5, `${part}: ${stderr.slice(-2_000)}`);
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  return [...new Set(lines)].map((line) => JSON.parse(line) as string);
}

function neededFor(text: string, { name, details }: Operator): readonly string[] {
  if (name === 'ProcedureCall') procedures.add(/^[\w.]+/.exec(details)![0]);
  const known = needs.find(([pattern]) => pattern.test(name));
  assert.ok(known !== undefined || reads.test(name), `what does ${name} need? It is in the plan of ${text}`);
  // A label that comes with the node is CREATE's; one that is set behind it is not.
  const setsLabel = name.endsWith('Merge') && /\bSET\b.*[(\s,]\w+:\w/.test(details);
  return [...(known?.[1] ?? []), ...(setsLabel ? ['SET LABEL', 'CREATE NEW LABEL'] : [])];
}

async function neededBy(texts: readonly string[]): Promise<Set<string>> {
  const plans = await plansOf(lab.servers.neo4j, texts);
  const needed = [...plans].flatMap(([text, operators]) => operators.flatMap((one) => neededFor(text, one)));
  return new Set(['ACCESS', 'MATCH', ...needed]);
}

/** The roles' commands, as the page has them. */
function commands(): string[] {
  const blocks = blocksOf(readFileSync('docs/security.md', 'utf8'), 'cypher');
  return blocks.flatMap((block) => block.split(';')).flatMap((command) => command.trim() || []);
}

function grantedTo(role: string): Set<string> {
  const granted = commands().flatMap((command) => {
    if (!command.startsWith('GRANT')) return [];
    const grant = /^GRANT (?<privilege>[A-Z ]+?) (?:\{\*\} )?ON (?:GRAPH|DATABASE) neo4j TO (?<to>\w+)$/.exec(command);
    assert.ok(grant, `what does this grant? ${command}`);
    const { privilege, to } = grant.groups as { privilege: string; to: string };
    return to === role ? (compounds[privilege] ?? [privilege]) : [];
  });
  return new Set(granted);
}

/** As of a database that Cartography has loaded: with a plain index where a constraint goes. */
async function preparePlainIndex(): Promise<void> {
  await dropConstraints(pipeline.graph);
  await dropIndexes(pipeline.graph);
  await pipeline.graph.query('CREATE INDEX FOR (n:AWSVpc) ON (n.id)');
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
  // Something goes between two runs, so that there is something to clean up.
  const s3 = memberClient(lab.aws, S3Client, 'us-east-1', 'acct-0');
  const bucket = { Bucket: `gone-${lab.aws.summary.accountIds[0]}` };
  await s3.send(new CreateBucketCommand(bucket));
  await pipeline.collect({ tag: 1_767_225_600 });
  await s3.send(new DeleteBucketCommand(bucket));
  await pipeline.collect({ tag: 1_767_229_200, requestedSyncs: ['ec2:vpc', 's3', 'iam'] });
  const granted = grantedTo('cartography_load');
  await preparePlainIndex();
  assert.deepEqual(await neededBy(await sentBy('load', ['--until-caught-up'])), granted);
  await pipeline.graph.query('MATCH (n) DETACH DELETE n');
  await preparePlainIndex();
  assert.deepEqual(await neededBy(await sentBy('replay', ['--graph', 'rebuilt'])), granted);
});

test('status needs no more than reading', async () => {
  assert.deepEqual(await neededBy(await sentBy('status', ['--json'])), grantedTo('cartography_status'));
});

test('whoever is in the role PUBLIC may call the procedures', async () => {
  // Sent only where an index is still populating.
  procedures.add('db.awaitIndex');
  const { records } = await driver.executeQuery(
    'SHOW PROCEDURES YIELD name, admin WHERE name IN $names AND NOT admin RETURN name',
    { names: [...procedures] },
  );
  assert.deepEqual(new Set(records.map((record) => record.get('name') as string)), procedures);
});
