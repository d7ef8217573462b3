import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { RebuildResult } from '../../../../cli/rebuild.ts';
import { exitCodeOfRebuild, renderRebuild } from '../../../../cli/summary/render-rebuild.ts';

const complete: RebuildResult = {
  status: 'complete',
  graph: 'blue',
  until: null,
  resumed: false,
  records: 50_000,
  seconds: 20,
  incompleteScopes: [],
  laterRuns: 0,
  nodes: 1_234,
  relationships: 1,
};

test('a complete rebuild says how to go over to the new graph, with the options that name it', () => {
  const options = { graph: 'blue', neo4jUri: 'bolt://blue:7687', neo4jUser: 'neo4j', neo4jPasswordEnvVar: 'BLUE' };
  const text = renderRebuild(complete, options);
  assert.match(
    text,
    /^Graph blue has all that was in the log: 1,234 nodes, 1 relationship, of 50,000 records in 20.0 s \(2,500\/s\)\./,
  );
  assert.match(
    text,
    /cartography load --graph blue --neo4j-uri bolt:\/\/blue:7687 --neo4j-user neo4j --neo4j-password-env-var BLUE\n/,
  );
  assert.equal(exitCodeOfRebuild(complete), 0);
});

test('one that stops at a run and lacks records names the scopes and why, and is not to be gone over to', () => {
  const scopes = Array.from({ length: 22 }, (_, index) => `11112222${3_333 + index}/eu-west-1/ec2:vpc`);
  const partial: RebuildResult = {
    ...complete,
    status: 'partial',
    until: 1_000,
    laterRuns: 2,
    incompleteScopes: scopes,
  };
  const text = renderRebuild(partial, { graph: 'blue' });
  assert.match(text, /has the log up to run 1000/);
  assert.match(
    text,
    /22 scopes lack records; later runs .* removed what they were at run 1000 \(compaction\):\n {2}111122223333/,
  );
  assert.match(text, /and 2 more; --json lists all/);
  assert.match(text, /load and a run refuse/);
  assert.doesNotMatch(text, /To go over/);
  assert.equal(exitCodeOfRebuild(partial), 5);
});
