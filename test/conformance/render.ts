import type { Comparison, Count, Difference } from './compare.ts';
import type { Explained, Explanation, Rule } from './explain.ts';
import type { DumpedNode } from './graph-dump.ts';
import type { SyncedGraph } from './reference-graph.ts';

/** The table by label and by edge type: how many each graph has, how many are equal, how many of the others are explained. */
export function renderTables({ labels, types }: Comparison, explained: Explained): string {
  return [
    table('label', labels, places(explained.explained.keys(), 'label'), places(explained.unexplained, 'label')),
    table('edge type', types, places(explained.explained.keys(), 'type'), places(explained.unexplained, 'type')),
  ].join('\n\n');
}

/** Differences without an explanation, grouped, with some examples of each. */
export function renderUnexplained(differences: readonly Difference[], examples: number): string {
  const groups = Map.groupBy(differences, titleOf);
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([title, members]) => {
      const lines = members.slice(0, examples).map((member) => `    ${exampleOf(member)}`);
      return [`${String(members.length).padStart(6)} ${title}`, ...lines].join('\n');
    })
    .join('\n');
}

/** The rules that had nothing to explain, by row: a difference that is gone, or an estate that has none of it. */
export function renderIdleRules(explanations: readonly Explanation[], { used }: Explained): string {
  return explanations
    .flatMap(({ row, rules }) => rules.filter((rule) => !used.has(rule)).map((rule) => `  ${row}: ${nameOf(rule)}`))
    .join('\n');
}

/** First and unchanged second sync: seconds of both, how many times faster ours is, and what it cost. */
export function renderTimes(reference: SyncedRuns, ours: SyncedRuns): string {
  const names = ['first sync', 'second sync'];
  const seconds = names.map((name, index) => {
    const [theirs, own] = [reference.seconds[index]!, ours.seconds[index]!];
    return [name, theirs.toFixed(1), own.toFixed(1), (theirs / own).toFixed(1)];
  });
  const costs = Object.entries({ reference, ours }).flatMap(([who, { costs = [] }]) =>
    costs.map(({ calls, standIn, neo4j, others }, index) => [
      `${who}, ${names[index]}`,
      ...[calls, standIn, neo4j, others].map((one) => one.toFixed(0)),
    ]),
  );
  return [
    align([['seconds', 'reference', 'ours', 'times faster'], ...seconds]),
    align([['', 'API calls', 'CPU s of the stand-in', 'of Neo4j', 'of all else'], ...costs]),
  ].join('\n\n');
}

type SyncedRuns = Pick<SyncedGraph, 'seconds' | 'costs'>;

function table(
  what: string,
  counts: ReadonlyMap<string, Count>,
  explained: ReadonlyMap<string, number>,
  unexplained: ReadonlyMap<string, number>,
): string {
  const total: Count = { reference: 0, ours: 0, equal: 0 };
  const rows = [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [, count] of rows) {
    total.reference += count.reference;
    total.ours += count.ours;
    total.equal += count.equal;
  }
  const sum = (places: ReadonlyMap<string, number>): number => [...places.values()].reduce((a, b) => a + b, 0);
  const cells = [
    [what, 'reference', 'ours', 'equal', 'explained', 'unexplained'],
    ...rows.map(([name, count]) => row(name, count, explained.get(name) ?? 0, unexplained.get(name) ?? 0)),
    row('all', total, sum(explained), sum(unexplained)),
  ];
  return align(cells);
}

function align(cells: readonly (readonly string[])[]): string {
  const widths = cells[0]!.map((_, column) => Math.max(...cells.map((line) => line[column]!.length)));
  return cells
    .map((line) =>
      line
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function row(name: string, { reference, ours, equal }: Count, explained: number, unexplained: number): string[] {
  return [name, ...[reference, ours, equal, explained, unexplained].map(String)];
}

/** How many differences there are in each label or edge type. */
function places(differences: Iterable<Difference>, of: 'label' | 'type'): Map<string, number> {
  const found = new Map<string, number>();
  for (const difference of differences) {
    const place =
      'edge' in difference
        ? of === 'type'
          ? difference.edge.type
          : undefined
        : of === 'label'
          ? difference.node.label
          : undefined;
    if (place !== undefined) found.set(place, (found.get(place) ?? 0) + 1);
  }
  return found;
}

function titleOf(difference: Difference): string {
  switch (difference.kind) {
    case 'node':
      return `${difference.node.label}: only in ${difference.only}`;
    case 'label':
      return `${difference.node.label}: label ${difference.name} only in ${difference.only}`;
    case 'property':
      return `${difference.node.label}.${difference.name}`;
    case 'edge':
      return `${pathOf(difference.edge)}: only in ${difference.only}`;
    case 'edge property':
      return `${pathOf(difference.edge)}.${difference.name}`;
  }
}

function nameOf(rule: Rule): string {
  const place = 'label' in rule ? rule.label : `(${rule.from})-[${rule.type}]->(${rule.to})`;
  const name = 'name' in rule ? `.${rule.name}` : '';
  return `${rule.kind} ${place}${name}${'only' in rule ? ` only in ${rule.only}` : ''}`;
}

function exampleOf(difference: Difference): string {
  const where = 'edge' in difference ? `${difference.edge.from.id} -> ${difference.edge.to.id}` : difference.node.id;
  if (difference.kind === 'property' || difference.kind === 'edge property') {
    const [reference, ours] = [difference.reference, difference.ours].map((value) => (value ?? 'null').slice(0, 200));
    return `${where}: ${reference} != ${ours}`;
  }
  return where;
}

function pathOf({ from, type, to }: { from: DumpedNode; type: string; to: DumpedNode }): string {
  return `(${from.label})-[${type}]->(${to.label})`;
}
