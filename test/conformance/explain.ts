import type {
  Difference,
  EdgeDifference,
  EdgePropertyDifference,
  Ends,
  LabelDifference,
  NodeDifference,
  PropertyDifference,
  Side,
} from './compare.ts';
import { type DumpedNode, nodeKey } from './graph-dump.ts';
import type { Graphs } from './graph-view.ts';

/** Property -> pattern that its literal must match as a whole; null: the property is not set. */
export type Shape = Readonly<Record<string, RegExp | null>>;

interface RuleFor<D extends Difference> {
  kind: D['kind'];
  /** What else must hold. */
  where?: (difference: D, graphs: Graphs) => boolean;
}

export interface NodeRule extends RuleFor<NodeDifference> {
  only: Side;
  label: string;
  node?: Shape;
}

export interface LabelRule extends RuleFor<LabelDifference> {
  only: Side;
  label: string;
  name: string;
  node?: Shape;
}

export interface PropertyRule extends RuleFor<PropertyDifference> {
  label: string;
  name: string;
  /** Pattern of the value as a whole; null: not set; left out: anything. */
  reference?: RegExp | null;
  ours?: RegExp | null;
  /** Both are lists: of the same items, or ours has all items of the reference's and more. */
  items?: 'same' | 'more';
  node?: Shape;
}

export interface EdgeRule extends RuleFor<EdgeDifference> {
  only: Side;
  from: string;
  type: string;
  to: string;
  fromNode?: Shape;
  toNode?: Shape;
}

export interface EdgePropertyRule extends RuleFor<EdgePropertyDifference> {
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
export function explain(
  differences: readonly Difference[],
  explanations: readonly Explanation[],
  graphs: Graphs,
): Explained {
  const result: Explained = { unexplained: [], explained: new Map(), used: new Set() };
  const lonely: Record<Side, Map<string, Explanation>> = { reference: new Map(), ours: new Map() };
  for (const difference of nodesFirst(differences)) {
    const found = findRule(difference, explanations, graphs);
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

function findRule(
  difference: Difference,
  explanations: readonly Explanation[],
  graphs: Graphs,
): { explanation: Explanation; rule: Rule } | undefined {
  for (const explanation of explanations) {
    const rule = explanation.rules.find((candidate) => covers(candidate, difference, graphs));
    if (rule !== undefined) return { explanation, rule };
  }
  return undefined;
}

function throughAnEnd(difference: Difference, lonely: Record<Side, Map<string, Explanation>>): Explanation | undefined {
  if (difference.kind !== 'edge') return undefined;
  const { from, to } = difference.edge;
  return lonely[difference.only].get(nodeKey(from)) ?? lonely[difference.only].get(nodeKey(to));
}

function covers(rule: Rule, difference: Difference, graphs: Graphs): boolean {
  if (rule.kind === 'node' && difference.kind === 'node') {
    return (
      rule.only === difference.only &&
      isOf(difference.node, rule.label, rule.node) &&
      rule.where?.(difference, graphs) !== false
    );
  }
  if (rule.kind === 'label' && difference.kind === 'label') {
    return (
      rule.only === difference.only &&
      rule.name === difference.name &&
      isOf(difference.node, rule.label, rule.node) &&
      rule.where?.(difference, graphs) !== false
    );
  }
  if (rule.kind === 'property' && difference.kind === 'property') {
    return (
      rule.name === difference.name &&
      isOf(difference.node, rule.label, rule.node) &&
      valuesMatch(rule, difference) &&
      (rule.items === undefined || rule.items === compareItems(difference)) &&
      rule.where?.(difference, graphs) !== false
    );
  }
  if (rule.kind === 'edge' && difference.kind === 'edge') {
    return (
      rule.only === difference.only &&
      isBetween(rule, difference.edge) &&
      hasShape(difference.edge.from, rule.fromNode) &&
      hasShape(difference.edge.to, rule.toNode) &&
      rule.where?.(difference, graphs) !== false
    );
  }
  if (rule.kind === 'edge property' && difference.kind === 'edge property') {
    return (
      rule.name === difference.name &&
      isBetween(rule, difference.edge) &&
      valuesMatch(rule, difference) &&
      rule.where?.(difference, graphs) !== false
    );
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

function compareItems({ reference, ours }: PropertyDifference): 'same' | 'more' | undefined {
  const [left, right] = [readList(reference), readList(ours)];
  if (left === undefined || right === undefined) return undefined;
  if (JSON.stringify(left.toSorted()) === JSON.stringify(right.toSorted())) return 'same';
  const all = new Set(right);
  return all.size > left.length && left.every((item) => all.has(item)) ? 'more' : undefined;
}

function isBetween(rule: { from: string; type: string; to: string }, edge: Ends): boolean {
  return rule.type === edge.type && rule.from === edge.from.label && rule.to === edge.to.label;
}

function isOf(node: DumpedNode, label: string, shape: Shape | undefined): boolean {
  return node.label === label && hasShape(node, shape);
}

export function hasShape(node: DumpedNode, shape: Shape = {}): boolean {
  return Object.entries(shape).every(([name, pattern]) => matches(pattern, node.properties[name]));
}

function matches(pattern: RegExp | null | undefined, value: string | null | undefined): boolean {
  if (pattern === undefined) return true;
  if (pattern === null) return value == null;
  return value != null && new RegExp(`^(?:${pattern.source})$`, pattern.flags).test(value);
}
