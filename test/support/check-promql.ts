import { parser } from '@prometheus-io/lezer-promql';

import { type MetricDefinition, metricTable } from '../../platform/telemetry/metric-table.ts';

type SyntaxNode = ReturnType<typeof parser.parse>['topNode'];

const table: Readonly<Record<string, MetricDefinition>> = metricTable;
/** What a scrape adds to every series. */
const scrapeLabels = ['instance', 'job'];

/** What is wrong with a PromQL expression: its syntax, or a metric or label that the program does not export. */
export function checkPromql(expression: string): string[] {
  // Grafana puts in a duration.
  const text = expression.replaceAll('$__rate_interval', '5m');
  const problems: string[] = [];
  const tree = parser.parse(text);
  const of = (node: SyntaxNode): string => text.slice(node.from, node.to);
  tree.iterate({
    enter: ({ type, node }) => {
      if (type.isError) problems.push(`syntax: ${text} near ${text.slice(Math.max(0, node.from - 20), node.to + 20)}`);
      if (type.name === 'VectorSelector') problems.push(...checkSelector(node, of));
      if (type.name === 'AggregateExpr') problems.push(...checkGrouping(node, of));
    },
  });
  return problems;
}

function checkSelector(node: SyntaxNode, of: (node: SyntaxNode) => string): string[] {
  const name = of(node.getChild('Identifier')!);
  const metric = metricOf(name);
  if (metric === undefined) return [`no such metric: ${name}`];
  const used = descendants(node, 'LabelName').map(of);
  return used
    .filter((label) => !labelsOf(name, metric).includes(label))
    .map((label) => `${name} has no label ${label}`);
}

/** Every metric inside must have the labels that are grouped by. */
function checkGrouping(node: SyntaxNode, of: (node: SyntaxNode) => string): string[] {
  const modifier = node.getChild('AggregateModifier');
  const grouped = modifier === null ? [] : descendants(modifier, 'LabelName').map(of);
  return descendants(node, 'VectorSelector').flatMap((selector) => {
    const name = of(selector.getChild('Identifier')!);
    const metric = metricOf(name);
    const known = metric === undefined ? grouped : labelsOf(name, metric);
    return grouped.filter((label) => !known.includes(label)).map((label) => `${name} is grouped by ${label}`);
  });
}

/** The metric of a series: a histogram has several, under its name with an ending. */
function metricOf(series: string): MetricDefinition | undefined {
  if (Object.hasOwn(table, series)) return table[series]!.kind === 'histogram' ? undefined : table[series];
  const base = series.replace(/_(bucket|sum|count)$/, '');
  const metric = Object.hasOwn(table, base) ? table[base] : undefined;
  return metric?.kind === 'histogram' ? metric : undefined;
}

function labelsOf(series: string, { labels }: MetricDefinition): string[] {
  return [...labels, ...scrapeLabels, ...(series.endsWith('_bucket') ? ['le'] : [])];
}

function descendants(node: SyntaxNode, name: string): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  node.cursor().iterate((inner) => {
    if (inner.type.name === name) found.push(inner.node);
  });
  return found;
}
