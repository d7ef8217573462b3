/**
 * The law, as a pure function: what the graph must be once everything that was produced has been consumed.
 * Written from the law's sentences (docs/guarantees.md), not from the loaders, and shorter than either.
 */
import { computeValue } from '../../consumers/graph/compute-value.ts';
import type { RecordSchema } from '../../schemas/record-schema.ts';
import { assetScope, hierarchyScope, recordKey } from '../../schemas/scope.ts';

export interface ModelRecord {
  schema: RecordSchema;
  value: Record<string, unknown>;
}

/** A complete marker, as far as the law cares. `records`: how many distinct ones were sent. */
export interface ModelMarker {
  scope: string;
  tag: number;
  recordTypes: { name: string; records: number; complete: boolean; withheld: string[] }[];
}

export interface ModelGraph {
  /** By `label|id`. */
  nodes: Map<string, { labels: Set<string>; props: Record<string, unknown> }>;
  /** By `label|id -TYPE-> label|id`: the largest tag that asserts it. */
  edges: Map<string, number>;
}

/** Whether a property is the loaders' own or depends on the clock: no part of what the law speaks of. */
export function isBookkeeping(name: string): boolean {
  return (name.startsWith('_') && !name.startsWith('_ont_')) || name === 'firstseen';
}

/** A record that counts, by its key's parts. */
export interface Alive extends ModelRecord {
  scope: string;
  id: string;
  tag: number;
}

/** Records in the order of the log; with equal keys and tags the later one counts. */
export function graphOf(records: readonly ModelRecord[], markers: readonly ModelMarker[]): ModelGraph {
  const alive = aliveRecords(records, markers);
  const nodes: ModelGraph['nodes'] = new Map();
  for (const [key, makers] of Map.groupBy(alive, ({ schema, id }) => `${schema.label}|${id}`))
    nodes.set(key, nodeOf(makers));
  const edges: ModelGraph['edges'] = new Map();
  for (const record of alive) {
    for (const { relationship, values } of assertions(record)) {
      for (const [other, node] of nodes) {
        const matches =
          node.labels.has(relationship.label) &&
          relationship.match.every(({ property }, i) => node.props[property] === values[i]);
        if (!matches) continue;
        const own = `${record.schema.label}|${record.id}`;
        const [from, to] = relationship.direction === 'out' ? [own, other] : [other, own];
        const edge = `${from} -${relationship.type}-> ${to}`;
        edges.set(edge, Math.max(edges.get(edge) ?? 0, record.tag));
      }
    }
  }
  return { nodes, edges };
}

function typeOf({ recordTypes }: ModelMarker, name: string): ModelMarker['recordTypes'][number] | undefined {
  return recordTypes.find((type) => type.name === name);
}

export function scopeOf({ schema, value }: ModelRecord): string {
  return schema.kind === 'asset'
    ? assetScope(value['accountId'] as string, value['region'] as string, schema.sync)
    : hierarchyScope(value['organizationId'] as string);
}

/** What makes two records the same one. */
export function keyOf(record: ModelRecord): string {
  return recordKey(record.schema.name, scopeOf(record), record.value[record.schema.idField] as string);
}

/** One for each key, in no order. */
export function aliveRecords(records: readonly ModelRecord[], markers: readonly ModelMarker[]): Alive[] {
  const newest = new Map<string, Alive>();
  for (const { schema, value } of records) {
    const scope = scopeOf({ schema, value });
    const record = { schema, value, scope, id: value[schema.idField] as string, tag: value['updateTag'] as number };
    const key = keyOf(record);
    if ((newest.get(key)?.tag ?? 0) <= record.tag) newest.set(key, record);
  }
  const kept = [...newest.values()];
  // A marker says nothing as long as records that it counts cannot be read, unless a later one has spoken of their type.
  const whole: ModelMarker[] = [];
  for (const marker of markers.toSorted((a, b) => b.tag - a.tag)) {
    const { scope, tag } = marker;
    const isWhole = marker.recordTypes.every(
      ({ name, records }) =>
        kept.filter((one) => one.schema.name === name && one.scope === scope && one.tag >= tag).length >= records ||
        whole.some((later) => later.scope === scope && later.tag > tag && typeOf(later, name)?.complete),
    );
    if (isWhole) whole.push(marker);
  }
  return kept.filter((record) =>
    whole.every((marker) => {
      const type = typeOf(marker, record.schema.name);
      return (
        marker.scope !== record.scope ||
        marker.tag <= record.tag ||
        !type?.complete ||
        type.withheld.includes(record.id)
      );
    }),
  );
}

function nodeOf(makers: readonly Alive[]): { labels: Set<string>; props: Record<string, unknown> } {
  const props: Record<string, unknown> = { id: makers[0]!.id, lastupdated: Math.max(...makers.map(({ tag }) => tag)) };
  const shown = [...Map.groupBy(makers, ({ schema }) => schema.name).values()].map((same) =>
    same.reduce((a, b) => (b.tag > a.tag || (b.tag === a.tag && b.scope < a.scope) ? b : a)),
  );
  const labels = new Set(makers.flatMap(({ schema }) => [schema.label, ...schema.labels]));
  for (const { schema } of shown) {
    for (const { property } of [...schema.properties, ...schema.computed]) {
      if (schema.derived.has(property)) continue;
      const setters = schema.contested.get(property) ?? [schema.name];
      const values = setters
        .map((setter) => shown.find((one) => one.schema.name === setter))
        .map((one) => (one === undefined ? null : valueOf(one, property)));
      props[property] = values.find((value) => value !== null) ?? null;
    }
    for (const { label, property } of schema.conditionalLabels) {
      if (props[property] === true) labels.add(label);
      delete props[property];
    }
  }
  for (const [property, value] of Object.entries(props)) if (value === null) delete props[property];
  return { labels, props };
}

function valueOf({ schema, value }: ModelRecord, property: string): unknown {
  const field = schema.properties.find((one) => one.property === property)?.field;
  if (field !== undefined) return value[field] ?? null;
  return computeValue(schema.computed.find((one) => one.property === property)!.from)(value);
}

/** Scalar or list-valued fields only: what the tests' schemas use. */
export function assertions(
  record: ModelRecord,
): { relationship: RecordSchema['relationships'][number]; values: unknown[] }[] {
  return record.schema.relationships.flatMap((relationship) => {
    const fields = relationship.match.map(({ path }) => record.value[path[0]!] ?? null);
    const many = fields.findIndex((value) => Array.isArray(value));
    const combinations =
      many === -1
        ? [fields]
        : (fields[many] as unknown[]).map((item) => fields.map((value, i) => (i === many ? item : value)));
    return combinations
      .filter((values) => values.every((value) => value !== null))
      .map((values) => ({ relationship, values }));
  });
}
