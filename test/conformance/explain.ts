import type { Difference, Ends, Side } from './compare.ts';
import { type DumpedNode, nodeKey } from './graph-dump.ts';

/** Property -> pattern that its literal must match as a whole; null: the property is not set. */
export type Shape = Readonly<Record<string, RegExp | null>>;

export interface NodeRule {
  kind: 'node';
  only: Side;
  label: string;
  node?: Shape;
}

export interface LabelRule {
  kind: 'label';
  only: Side;
  label: string;
  name: string;
  node?: Shape;
}

export interface PropertyRule {
  kind: 'property';
  label: string;
  name: string;
  /** Pattern of the value as a whole; null: not set; left out: anything. */
  reference?: RegExp | null;
  ours?: RegExp | null;
  /** Both are lists of the same items. */
  sameItems?: true;
  /** Both are lists, and ours has all items of the reference's and more. */
  moreItems?: true;
  node?: Shape;
}

export interface EdgeRule {
  kind: 'edge';
  only: Side;
  from: string;
  type: string;
  to: string;
  fromNode?: Shape;
  toNode?: Shape;
  /** The other graph has it the other way round. */
  turned?: true;
}

export interface EdgePropertyRule {
  kind: 'edge property';
  from: string;
  type: string;
  to: string;
  name: string;
  reference?: RegExp | null;
  ours?: RegExp | null;
}

/** What may differ, as narrowly as it can be said. */
export type Rule = NodeRule | LabelRule | PropertyRule | EdgeRule | EdgePropertyRule;

/** A row of docs/differences.md and the rules that say what it looks like in two graphs. */
export interface Explanation {
  /** The row's first cell. */
  row: string;
  rules: readonly Rule[];
}

export interface Explained {
  unexplained: Difference[];
  explained: Map<Difference, Explanation>;
  /** Rules that explained something. */
  used: Set<Rule>;
}

/** Finds for each difference the first explanation. An edge that one graph lacks because it lacks one of its ends goes with that end. */
export function explain(differences: readonly Difference[], explanations: readonly Explanation[]): Explained {
  const result: Explained = { unexplained: [], explained: new Map(), used: new Set() };
  const lonely: Record<Side, Map<string, Explanation>> = { reference: new Map(), ours: new Map() };
  const onlyIn = edgesBySide(differences);
  for (const difference of nodesFirst(differences)) {
    const found = findRule(difference, explanations, onlyIn);
    const explanation = found?.explanation ?? throughAnEnd(difference, lonely);
    if (found !== undefined) result.used.add(found.rule);
    if (explanation === undefined) result.unexplained.push(difference);
    else {
      result.explained.set(difference, explanation);
      if (difference.kind === 'node') lonely[difference.only].set(nodeKey(difference.node), explanation);
    }
  }
  return result;
}

function nodesFirst(differences: readonly Difference[]): Difference[] {
  return [...differences.filter(({ kind }) => kind === 'node'), ...differences.filter(({ kind }) => kind !== 'node')];
}

/** The edges that only one graph has. */
type LonelyEdges = Record<Side, ReadonlySet<string>>;

function edgesBySide(differences: readonly Difference[]): LonelyEdges {
  const of = (side: Side): Set<string> =>
    new Set(
      differences.flatMap((one) =>
        one.kind === 'edge' && one.only === side ? [edgeKey(one.edge.from, one.edge.type, one.edge.to)] : [],
      ),
    );
  return { reference: of('reference'), ours: of('ours') };
}

function edgeKey(from: DumpedNode, type: string, to: DumpedNode): string {
  return `${nodeKey(from)} ${type} ${nodeKey(to)}`;
}

function findRule(
  difference: Difference,
  explanations: readonly Explanation[],
  onlyIn: LonelyEdges,
): { explanation: Explanation; rule: Rule } | undefined {
  for (const explanation of explanations) {
    const rule = explanation.rules.find((candidate) => covers(candidate, difference, onlyIn));
    if (rule !== undefined) return { explanation, rule };
  }
  return undefined;
}

function throughAnEnd(difference: Difference, lonely: Record<Side, Map<string, Explanation>>): Explanation | undefined {
  if (difference.kind !== 'edge') return undefined;
  const { from, to } = difference.edge;
  return lonely[difference.only].get(nodeKey(from)) ?? lonely[difference.only].get(nodeKey(to));
}

function covers(rule: Rule, difference: Difference, onlyIn: LonelyEdges): boolean {
  if (rule.kind === 'node' && difference.kind === 'node') {
    return rule.only === difference.only && isOf(difference.node, rule.label, rule.node);
  }
  if (rule.kind === 'label' && difference.kind === 'label') {
    const { only, name, node } = difference;
    return rule.only === only && rule.name === name && isOf(node, rule.label, rule.node);
  }
  if (rule.kind === 'property' && difference.kind === 'property') {
    const { name, node } = difference;
    if (rule.name !== name || !isOf(node, rule.label, rule.node) || !valuesMatch(rule, difference)) return false;
    if (rule.moreItems === true && !hasMoreItems(difference.reference, difference.ours)) return false;
    return rule.sameItems !== true || haveSameItems(difference.reference, difference.ours);
  }
  if (rule.kind === 'edge' && difference.kind === 'edge') {
    const { from, type, to } = difference.edge;
    const other = difference.only === 'ours' ? onlyIn.reference : onlyIn.ours;
    return (
      rule.only === difference.only &&
      (rule.turned !== true || other.has(edgeKey(to, type, from))) &&
      isBetween(rule, difference.edge) &&
      hasShape(from, rule.fromNode) &&
      hasShape(to, rule.toNode)
    );
  }
  if (rule.kind === 'edge property' && difference.kind === 'edge property') {
    return rule.name === difference.name && isBetween(rule, difference.edge) && valuesMatch(rule, difference);
  }
  return false;
}

interface Values<T> {
  reference?: T | null | undefined;
  ours?: T | null | undefined;
}

function valuesMatch(rule: Values<RegExp>, values: Values<string>): boolean {
  return matches(rule.reference, values.reference) && matches(rule.ours, values.ours);
}

function readList(text: string | undefined): unknown[] | undefined {
  return text?.startsWith('[') ? (JSON.parse(text) as unknown[]) : undefined;
}

function hasMoreItems(reference: string | undefined, ours: string | undefined): boolean {
  const [left, right] = [readList(reference), new Set(readList(ours))];
  return left !== undefined && right.size > left.length && left.every((item) => right.has(item));
}

function haveSameItems(reference: string | undefined, ours: string | undefined): boolean {
  const [left, right] = [readList(reference), readList(ours)];
  if (left === undefined || right === undefined) return false;
  return JSON.stringify(left.toSorted()) === JSON.stringify(right.toSorted());
}

function isBetween(rule: { from: string; type: string; to: string }, edge: Ends): boolean {
  return rule.type === edge.type && rule.from === edge.from.label && rule.to === edge.to.label;
}

function isOf(node: DumpedNode, label: string, shape: Shape | undefined): boolean {
  return node.label === label && hasShape(node, shape);
}

function hasShape(node: DumpedNode, shape: Shape = {}): boolean {
  return Object.entries(shape).every(([name, pattern]) => matches(pattern, node.properties[name]));
}

function matches(pattern: RegExp | null | undefined, value: string | null | undefined): boolean {
  if (pattern === undefined) return true;
  if (pattern === null) return value == null;
  return value != null && new RegExp(`^(?:${pattern.source})$`, pattern.flags).test(value);
}
