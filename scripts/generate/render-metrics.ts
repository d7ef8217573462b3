import { type MetricDefinition, metricTable } from '../../platform/telemetry/metric-table.ts';

/** docs/metrics.md: every metric of the program. */
export function renderMetrics(): string {
  const rows = Object.entries(metricTable).map(([name, metric]) => [
    `\`${name}\``,
    metric.kind,
    labelsOf(metric),
    metric.help,
  ]);
  return `# Metrics

Generated from platform/telemetry/metric-table.ts by \`npm run generate\`. \`/metrics\` serves them to Prometheus, with those of the
process (\`process_\`, \`nodejs_\`) beside them; how to read them: [operating.md](operating.md).

${renderTable([['metric', 'kind', 'labels', ''], ...rows])}
`;
}

function labelsOf({ labels }: MetricDefinition): string {
  return labels.map((label) => `\`${label}\``).join(', ');
}

/** As prettier writes tables. */
function renderTable(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(3, ...rows.map((row) => row[column]!.length)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`;
  const [head, ...body] = rows;
  return [line(head!), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n');
}
