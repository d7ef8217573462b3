import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cleanupStatements, countClaims, staleClaims } from '../../../consumers/graph/cleanup-statements.ts';
import { recordConstraints } from '../../../consumers/graph/constraints.ts';
import { linkStatements, locate } from '../../../consumers/graph/link-statements.ts';
import { nodeStatements } from '../../../consumers/graph/node-statements.ts';
import { loadCatalogue } from '../../../schemas/catalogue.ts';

const schemas = loadCatalogue().all();

test('a statement never holds a value: nothing in quotes but the separator of keys', () => {
  const links = [linkStatements.shown, linkStatements.claimed];
  for (const { out, in: into } of [linkStatements.hold, linkStatements.prune, linkStatements.withdraw])
    links.push(out, into);
  for (const schema of schemas) {
    const cleanup = cleanupStatements(schema);
    const texts: string[] = [
      ...Object.values(nodeStatements(schema)),
      ...[
        cleanup.count,
        countClaims,
        staleClaims,
        cleanup.staleShown,
        cleanup.forget,
        cleanup.promote,
        cleanup.vacate([]),
      ],
      ...schema.relationships.map(({ label, match }) =>
        locate(
          label,
          match.map(({ property }) => property),
        ),
      ),
      ...schema.relationships.map(linkStatements.link),
      ...links,
    ];
    for (const text of texts) {
      const quoted = [...text.matchAll(/'([^']*)'|"([^"]*)"/g)].map(([, single, double]) => single ?? double);
      assert.deepEqual(
        quoted.filter((one) => one !== '|' && one !== '_tag_'),
        [],
        `${schema.name}: ${text}`,
      );
    }
  }
});

test('every label that is found by id has a uniqueness constraint, so that concurrent merges cannot double a node', () => {
  for (const schema of schemas) {
    const constraints = recordConstraints(schema);
    for (const label of [
      schema.label,
      ...schema.relationships
        .filter(({ match }) => match.some(({ property }) => property === 'id'))
        .map(({ label }) => label),
    ]) {
      assert.ok(
        constraints.includes(`CREATE CONSTRAINT IF NOT EXISTS FOR (n:\`${label}\`) REQUIRE n.\`id\` IS UNIQUE`),
        `${schema.name}: ${label}`,
      );
    }
  }
});

test('every property that a relationship looks for is indexed', () => {
  for (const schema of schemas) {
    const constraints = recordConstraints(schema).join('\n');
    for (const { label, match } of schema.relationships) {
      for (const { property } of match)
        assert.match(constraints, new RegExp(`\\(n:\`${label}\`\\) (ON \\(|REQUIRE )n\\.\`${property}\``));
    }
  }
});
