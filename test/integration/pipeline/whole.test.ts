import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { readGraphTotals } from '../../../consumers/graph-totals.ts';
import type { RunSummary } from '../../../producers/summarize.ts';
import { type Lab, type Pipeline, startLab } from '../../support/pipeline.ts';
import { differences } from '../../support/read-graph.ts';

let lab: Lab;
let pipeline: Pipeline;
let summary: RunSummary;

before(async () => {
  lab = await startLab({ accounts: 2, instances: 3, regions: ['us-east-1', 'eu-west-1'], seed: 5, scale: 0.5 });
  pipeline = await lab.open();
  await pipeline.load();
  console.time('run'); summary = await pipeline.runOnce({ tag: 1_000 }); console.timeEnd('run');
});
after(async () => {
  await pipeline[Symbol.asyncDispose]();
  await lab.close();
});

describe('a run', () => {
  test('ends complete', async () => {
    console.log(JSON.stringify(summary), JSON.stringify(await readGraphTotals(pipeline.graph)));
    console.time('law'); const law = await pipeline.law(); console.timeEnd('law');
    assert.deepEqual(differences(law, await pipeline.graphOf()), []);
  });
});
