import type { Catalogue } from '../../schemas/catalogue.ts';
import { renderAsyncApi } from './render-asyncapi.ts';
import { renderGraphSchema } from './render-graph-schema.ts';
import { renderMetrics } from './render-metrics.ts';
import { renderRecordTypes } from './render-record-types.ts';

export interface GeneratedFile {
  /** From the top of the checkout. */
  path: string;
  text: string;
}

/** Everything that is derived from the schemas and from tables, and checked in; the same schemas give the same text. */
export function generatedFiles(catalogue: Catalogue): GeneratedFile[] {
  return [
    { path: 'schemas/generated/records.ts', text: renderRecordTypes(catalogue) },
    { path: 'docs/graph-schema.md', text: renderGraphSchema(catalogue) },
    { path: 'asyncapi.yaml', text: renderAsyncApi(catalogue) },
    { path: 'docs/metrics.md', text: renderMetrics() },
  ];
}
