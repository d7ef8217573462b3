import assert from 'node:assert/strict';
import { appendFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';

import { openEstate } from '../../support/organizations-server/collect-estate.ts';
import { startOnTerminal, type TerminalCommand } from '../../support/run-command.ts';
import { logOptions } from '../../support/server-options.ts';
import { type Servers, testServers } from '../../support/servers.ts';
import { waitUntil } from '../../support/wait-until.ts';

/* What only happens on a terminal: questions. What is drawn there is in test/unit/cli/terminal. */

const prefix = `test-terminal-${process.pid}`;
const account = '100000000000';
let servers: Servers;

before(async () => {
  servers = await testServers();
});
after(() => servers.release());

function start(...argv: string[]): Promise<TerminalCommand> {
  return startOnTerminal([...argv, ...logOptions(servers, prefix)]);
}

/** Types an answer once the question is on the screen. */
async function answer({ running, type }: TerminalCommand, question: string, text: string): Promise<void> {
  const ended = running.result.then(({ stdout }) => Promise.reject<never>(new Error(`not asked: ${stdout}`)));
  await waitUntil(() => running.stdout.includes(question), ended);
  ended.catch(() => undefined);
  type(text);
}

describe('a password that is asked for', { timeout: 60_000 }, () => {
  const question = 'Neo4j password: ';
  const load = (...more: string[]) =>
    start('load', '--until-caught-up', '--stages', 'nodes', '--graph', prefix, ...graphOptions(), ...more);
  const graphOptions = () => ['--neo4j-uri', servers.neo4j.uri, '--neo4j-user', 'neo4j', '--neo4j-password-prompt'];

  test('is taken, is not shown, and is not asked for twice', async () => {
    const command = await load();
    await answer(command, question, `${servers.neo4j.password}\r`);
    const { exitCode, stdout } = await command.running.result;
    assert.equal(exitCode, 0, stdout);
    assert.equal(stdout.split(question).length, 2, stdout);
    assert.ok(!stdout.includes(servers.neo4j.password), stdout);
  });

  test('and is wrong ends the command with the name of the option that asked', async () => {
    const command = await load();
    await answer(command, question, 'not-the-password\r');
    const { exitCode, stdout } = await command.running.result;
    assert.equal(exitCode, 4, stdout);
    assert.match(stdout, /error: .*--neo4j-password-prompt/);
    assert.ok(!stdout.includes('not-the-password'), stdout);
  });

  test('comes before another one that is asked for', async () => {
    const command = await load('--schema-registry-basic-auth-user-info-prompt');
    await answer(command, question, `${servers.neo4j.password}\r`);
    await answer(command, "registry's user:password: ", 'somebody:not-the-password\r');
    const { exitCode, stdout } = await command.running.result;
    assert.equal(exitCode, 0, stdout);
    assert.ok(!stdout.includes('not-the-password') && !stdout.includes(servers.neo4j.password), stdout);
  });

  test('may be refused with Ctrl-C', async () => {
    const command = await load();
    await answer(command, question, 'half of it\x03');
    const { exitCode, stdout } = await command.running.result;
    assert.equal(exitCode, 130, stdout);
    assert.match(stdout, /interrupted/);
    assert.ok(!stdout.includes('half of it'), stdout);
  });
});

test('a device is asked for its code, and the summary comes after what was drawn', async () => {
  await using estate = await openEstate({ denied: {}, organizations: [] }, account, [account]);
  await appendFile(estate.environment.AWS_CONFIG_FILE, `mfa_serial = arn:aws:iam::${account}:mfa/phone\n`);
  const command = await start('collect', '--aws-sync-all-profiles', '--aws-requested-syncs', 'ec2:vpc');
  await answer(command, `MFA code of arn:aws:iam::${account}:mfa/phone: `, '123456\r');
  const { exitCode, stdout } = await command.running.result;
  assert.equal(exitCode, 0, stdout);
  assert.match(stdout, /^(\S*\x1b\[0J)?Run \d+ is complete/m);
});
