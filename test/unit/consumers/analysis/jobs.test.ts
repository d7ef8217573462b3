import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jobs } from '../../../../consumers/analysis/jobs.ts';
import { loadCatalogue } from '../../../../schemas/catalogue.ts';

const schemas = loadCatalogue().all();
const carried = new Set(schemas.flatMap(({ label, labels }) => [label, ...labels]));
const byLabel = Map.groupBy(schemas, ({ label }) => label);

test('a job has a name of its own that may stand in a relationship’s `_by`', () => {
  assert.equal(new Set(jobs.map(({ name }) => name)).size, jobs.length);
  for (const { name } of jobs) assert.match(name, /^[a-z][a-z0-9_]*$/);
});

test('a job works on, leads to and crosses borders to nodes that record types make', () => {
  for (const job of jobs) {
    const labels = [job.label, ...(job.borders ?? []).map(({ label }) => label)];
    for (const label of labels) assert.ok(byLabel.has(label), `${job.name}: no record type makes ${label}`);
    // Found by its key alone, so it may be a label that several record types give.
    if (job.kind === 'edges')
      assert.ok(carried.has(job.otherLabel), `${job.name}: no record type gives ${job.otherLabel}`);
  }
});

test('what a job looks up is a property that is indexed anyway', () => {
  for (const { name, lookups = [] } of jobs) {
    for (const { label, property } of lookups) {
      const mappings = byLabel.get(label)?.flatMap(({ properties }) => properties) ?? [];
      const isIndexed = mappings.some((mapping) => mapping.property === property && mapping.indexed);
      assert.ok(isIndexed, `${name}: ${label}.${property}`);
    }
  }
});

const owned = new Set(
  jobs.flatMap((job) => (job.kind === 'properties' ? job.properties.map(({ name }) => `${job.label}.${name}`) : [])),
);

test('a property has one owner: a job, or record types', () => {
  assert.equal(owned.size, jobs.flatMap((job) => (job.kind === 'properties' ? job.properties : [])).length);
  for (const { name, label, properties, derived } of schemas) {
    for (const { property } of properties)
      assert.equal(derived.has(property), owned.has(`${label}.${property}`), `${name}: ${property}`);
  }
});
