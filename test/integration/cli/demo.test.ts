import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Summary } from '../../../cli/summary/summary.ts';
import { connectNeo4j } from '../../../consumers/graph/connect-neo4j.ts';
import { demoQueries } from '../../../cli/demo/demo-queries.ts';
import { startCommand } from '../../support/run-command.ts';

test(
  'the demo ends complete, its queries have answers, and Ctrl-C leaves nothing behind',
  { timeout: 600_000 },
  async () => {
    const demo = startCommand(['demo', '--json', '--accounts', '2', '--instances', '2'], {
      AWS_PROFILE: 'not-to-be-used',
    });
    const ended = demo.result.then((result) => assert.fail(`it has ended: ${result.stderr}`));
    while (!demo.stderr.includes('Ctrl-C ends the demo')) await Promise.race([ended, sleep(200)]);
    const [, uri, password] = /Neo4j: (\S+) {2}user neo4j {2}password (\S+)/.exec(demo.stderr)!;
    const graph = await connectNeo4j({ uri: uri!, user: 'neo4j', password: password! });
    try {
      for (const { question, cypher } of demoQueries) {
        const rows = await graph.query(cypher.replace(/;$/, ''));
        assert.ok(rows.length > 0, question);
      }
    } finally {
      await graph.close();
    }
    ended.catch(() => undefined);
    demo.kill('SIGINT');
    const { exitCode, stdout, stderr } = await demo.result;
    assert.equal(exitCode, 0, stderr);
    const summary = JSON.parse(stdout) as Summary;
    assert.equal(summary.status, 'complete');
    assert.equal(summary.accounts.length, 3);
    assert.deepEqual(summary.gaps, []);
    assert.equal(summary.organizations[0]?.outcome, 'complete');
    // Four more come from the auto scaling groups of each account and region.
    assert.equal(summary.graph?.nodesByLabel['AWSEC2Instance'], 2 * 3 * (2 + 4));
    await assert.rejects(connectNeo4j({ uri: uri!, user: 'neo4j', password: password! }), /cannot reach/);
  },
);
