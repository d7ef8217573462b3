import assert from 'node:assert/strict';
import { test } from 'node:test';

import { renderSummary } from '../../../../cli/summary/render-summary.ts';
import { makeSummary } from '../../../../cli/summary/summary.ts';
import { exampleRun } from '../../../support/example-run.ts';

const totals = {
  nodes: 1_300,
  relationships: 2,
  nodesByLabel: { AWSAccount: 1, AWSVpc: 1_299 },
  relationshipsByType: { RESOURCE: 2 },
};

test('a complete run is told with its accounts, organization, graph and time', () => {
  const text = renderSummary(
    makeSummary({ run: exampleRun({ complete: 17 }), wantsOrganization: true, totals, seconds: 20 }),
  );
  assert.match(text, /^Run 1767225600 is complete\.\n/);
  assert.match(text, /^111122223333 +production +1,234 +17 +17 +0 +0 +0 +0$/m);
  assert.match(text, /^Organization o-example: complete \(12 records\)$/m);
  assert.match(text, /^Graph: 1,300 nodes, 2 relationships\n {2}AWSVpc +1,299 +RESOURCE +2\n {2}AWSAccount +1$/m);
  assert.match(text, /^Time: 20\.0 s \(AWS to log 12\.3 s\)\n$/m);
  assert.doesNotMatch(text, /Not complete/);
});

test('what is not complete is told with its reason', () => {
  const text = renderSummary(
    makeSummary({
      run: exampleRun({ complete: 1, failed: 1, denied: 1 }),
      incompleteScopes: ['111122223333/global/iam'],
      wantsOrganization: false,
      totals,
      seconds: 1,
    }),
  );
  assert.match(
    text,
    /^Run 1767225600 is partial: 1 scope failed, 1 scope was denied, 1 scope is incomplete in the graph\.\n/,
  );
  assert.match(text, /111122223333\/eu-west-1\/ec2:vpc +failed +why it is failed/);
  assert.match(text, /111122223333\/eu-west-1\/ec2:vpc +denied +why it is denied/);
  assert.match(text, /111122223333\/global\/iam +incomplete/);
});

test('of many reasons the first are listed and the rest counted', () => {
  const text = renderSummary(
    makeSummary({ run: exampleRun({ failed: 25 }), wantsOrganization: false, totals, seconds: 1 }),
  );
  assert.equal(text.match(/why it is failed/g)?.length, 20);
  assert.match(text, /and 5 more; --json lists all/);
});

test('without a graph the records are told', () => {
  const summary = makeSummary({ run: exampleRun({ complete: 1 }), wantsOrganization: false, seconds: 1 });
  assert.match(renderSummary(summary), /^Records\n {2}aws\.Account +1\n {2}aws\.ec2\.Vpc +1,233$/m);
  assert.equal('graph' in summary, false);
});

test('the document has everything and survives JSON', () => {
  const summary = makeSummary({ run: exampleRun({ failed: 25 }), wantsOrganization: false, totals, seconds: 1.23456 });
  const parsed = JSON.parse(JSON.stringify(summary)) as typeof summary;
  assert.equal(parsed.status, 'partial');
  assert.equal(parsed.accounts[0]?.notable.length, 25);
  assert.deepEqual(parsed.graph, totals);
  assert.deepEqual(parsed.seconds, { collect: 12.346, total: 1.235 });
});

test('a shard that waits for others does not call the run complete, and the document names them', () => {
  const run = { ...exampleRun({ complete: 1 }), waitingForShards: [2, 3] };
  const summary = makeSummary({ run, wantsOrganization: false, seconds: 1 });
  assert.match(
    renderSummary(summary),
    /^This part of run 1767225600 is complete\.\nThe run ends when .*, too: 2, 3\.\n/,
  );
  assert.deepEqual(summary.waitingForShards, [2, 3]);
  const last = makeSummary({ run: { ...run, waitingForShards: [] }, wantsOrganization: false, seconds: 1 });
  assert.match(renderSummary(last), /^Run 1767225600 is complete\.\n\n/);
});
