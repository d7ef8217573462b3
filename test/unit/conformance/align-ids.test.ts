import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alignIds } from '../../conformance/align-ids.ts';
import { compare } from '../../conformance/compare.ts';
import type { GraphDump } from '../../conformance/graph-dump.ts';

const alignments = [{ label: 'Key', idOf: ({ arn }: Record<string, string>) => arn }];

function graphOf(id: string, properties: Record<string, string>): GraphDump {
  return {
    nodes: [
      { label: 'Key', id, labels: ['Key'], properties: { id, ...properties } },
      { label: 'Alias', id: 'a', labels: ['Alias'], properties: { arn: '"arn:1"' } },
    ],
    edges: [{ from: 'Alias|a', type: 'OF', to: `Key|${id}`, properties: {} }],
  };
}

test('nodes with other ids are compared by what they have in common, and so are their edges', () => {
  const [reference, ours] = [
    graphOf('1', { arn: '"arn:1"', on: 'true' }),
    graphOf('2', { arn: '"arn:1"', on: 'false' }),
  ];
  const { differences, types } = compare(alignIds(reference, alignments), alignIds(ours, alignments));
  assert.deepEqual(
    differences.map((one) => one.kind === 'property' && [one.name, one.reference, one.ours]),
    [
      ['id', '1', '2'],
      ['on', 'true', 'false'],
    ],
  );
  assert.equal(types.get('OF')!.equal, 1);
});

test('a node of another label, or without what is compared, keeps its id', () => {
  const graph = graphOf('1', {});
  assert.deepEqual(alignIds(graph, alignments), graph);
});
