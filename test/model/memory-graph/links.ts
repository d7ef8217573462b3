import type { HeldEdges, HeldRow, InboundEdge, LinkRow } from '../../../consumers/graph/graph.ts';
import { edgeClaim, groupOf } from '../../../consumers/graph/link-statements.ts';
import { slotOf } from '../../../consumers/graph/names.ts';
import { edgeProperties, matchValue } from '../../../consumers/graph/row.ts';
import type { RecordSchema, Relationship } from '../../../schemas/record-schema.ts';
import { assign, nodeKey, NodeStatements } from './nodes.ts';
import { sorted } from './bookkeeping.ts';
import { failure, type StoredEdge, type StoredNode } from './store.ts';

/** Edges: what GraphTransaction's methods do that the links stages call, and what the cleanup does to edges. */
export abstract class LinkStatements extends NodeStatements {
  async present(
    schema: RecordSchema,
    rows: readonly { id: string; claim: string; scope: string; tag: bigint }[],
  ): Promise<Set<string>> {
    const slot = slotOf(schema.name);
    await this.statement();
    const shown = rows.filter(({ id, scope, tag }) => {
      const props = this.tx.get('node', nodeKey(schema.label, id))?.props ?? {};
      return props[slot.scope] === scope && props[slot.tag] === tag;
    });
    await this.statement();
    const kept = rows.filter(({ claim, tag }) => this.tx.get('claim', claim)?.tag === tag);
    return new Set([...shown, ...kept].map(({ claim }) => claim));
  }

  async holdEdges(
    schema: RecordSchema,
    groups: readonly number[],
    rows: readonly HeldRow[],
  ): Promise<(HeldEdges | undefined)[]> {
    await this.statement();
    const slot = slotOf(schema.name);
    const held = new Map<HeldRow, HeldEdges>();
    for (const row of sorted(rows, ({ id }) => id)) {
      const props = this.tx.get('node', nodeKey(schema.label, row.id))?.props ?? {};
      if (props[slot.scope] !== row.scope || props[slot.tag] !== row.tag) continue;
      const counts = [];
      for (const group of groups) counts.push(await this.#renewEdges(schema, schema.relationships[group]!, row));
      held.set(row, { asserted: counts.map(({ asserted }) => asserted), lost: counts.map(({ lost }) => lost) });
    }
    return rows.map((row) => held.get(row));
  }

  async #renewEdges(
    schema: RecordSchema,
    declared: Relationship,
    { id, scope, tag, values }: HeldRow,
  ): Promise<{ asserted: number; lost: number }> {
    const by = edgeClaim(schema.name, declared, scope);
    const edges = this.#edgesOf(nodeKey(schema.label, id), declared).filter(({ edge }) => edge.by.includes(by));
    const asserted = edges.filter(({ other }) => isAsserted(schema, declared, other, values));
    for (const { edge } of asserted)
      await this.set('edge', edgeKey(edge.from, edge.type, edge.to), (now) => ({
        ...now,
        tags: now.tags.map((one, i) => (now.by[i] === by ? tag : one)),
        lastupdated: now.lastupdated > tag ? now.lastupdated : tag,
      }));
    return { asserted: asserted.length, lost: edges.length - asserted.length };
  }

  async link(schema: RecordSchema, relationship: number, rows: readonly LinkRow[]): Promise<LinkRow[]> {
    const declared = schema.relationships[relationship]!;
    const ordered = sorted(
      sorted(rows, ({ id }) => id),
      ({ values }) => String(values[0]),
    );
    const matched = new Set<LinkRow>();
    await this.statement();
    for (const row of ordered) {
      const own = nodeKey(schema.label, row.id);
      if (this.tx.get('node', own) === undefined) continue;
      for (const other of this.#others(declared, row)) {
        const key = nodeKey(other.label, other.id);
        const [from, to] = declared.direction === 'out' ? [own, key] : [key, own];
        matched.add(row);
        await this.#mergeEdge(schema, declared, row, { from, to });
      }
    }
    return ordered.filter((row) => !matched.has(row));
  }

  async #mergeEdge(
    schema: RecordSchema,
    declared: Relationship,
    row: LinkRow,
    { from, to }: { from: string; to: string },
  ): Promise<void> {
    const key = edgeKey(from, declared.type, to);
    if (this.tx.get('edge', key) === undefined) {
      await this.#lockEnds(from, to);
      if (this.tx.get('node', from) === undefined || this.tx.get('node', to) === undefined)
        throw failure('Neo.ClientError.Statement.EntityNotFound');
      await this.lock('edge', key);
    } else {
      await this.lock('edge', key);
      if (this.tx.get('edge', key) === undefined) return void this.gone();
    }
    const by = edgeClaim(schema.name, declared, row.scope);
    const edge = this.tx.get('edge', key) ?? emptyEdge(declared.type, from, to);
    const others = edge.by.flatMap((claim, i) => (claim === by ? [] : [[claim, edge.tags[i]!] as const]));
    const claims = [...others, [by, row.tag] as const];
    this.tx.put('edge', key, {
      ...edge,
      by: claims.map(([claim]) => claim),
      tags: claims.map(([, tag]) => tag),
      lastupdated: edge.lastupdated > row.tag ? edge.lastupdated : row.tag,
      props: assign(edge.props, edgeProperties(declared, row.props)),
    });
  }

  async prune(
    schema: RecordSchema,
    relationship: number,
    rows: readonly { id: string; scope: string; values: unknown[][] }[],
  ): Promise<void> {
    await this.statement();
    const declared = schema.relationships[relationship]!;
    const gone = rows.flatMap(({ id, scope, values }) =>
      this.#edgesOf(nodeKey(schema.label, id), declared)
        .filter(({ other }) => !isAsserted(schema, declared, other, values))
        .map(({ edge }) => ({ edge, by: edgeClaim(schema.name, declared, scope) })),
    );
    await this.#withdraw(gone);
  }

  /** The edges of some records' claims. */
  protected async withdrawEdges(
    schema: RecordSchema,
    records: readonly { id: string; scope: string }[],
  ): Promise<void> {
    for (const [declared] of Map.groupBy(schema.relationships, groupOf).values()) {
      await this.statement();
      const gone = records.flatMap(({ id, scope }) =>
        this.#edgesOf(nodeKey(schema.label, id), declared!).map(({ edge }) => ({
          edge,
          by: edgeClaim(schema.name, declared!, scope),
        })),
      );
      await this.#withdraw(gone);
    }
  }

  async inbound(label: string, ids: readonly string[]): Promise<InboundEdge[]> {
    await this.statement();
    return ids.flatMap((id) => {
      const own = nodeKey(label, id);
      const node = this.tx.get('node', own);
      if (node === undefined) return [];
      return this.#touching(own).flatMap((edge) => {
        const isOut = edge.to === own;
        const other = this.tx.get('node', isOut ? edge.from : edge.to)!;
        const by = edge.by
          .map((claim, i) => ({ claim, tag: edge.tags[i]! }))
          .filter(({ claim }) => claim.charAt(claim.indexOf('|') - 1) === (isOut ? '>' : '<'));
        const direction = isOut ? ('out' as const) : ('in' as const);
        const ours = { node: { labels: [...node.labels], properties: { ...node.props } }, props: edge.props };
        return by.length === 0 ? [] : [{ ...ours, type: edge.type, direction, id: other.id, by }];
      });
    });
  }

  async deleteNodes(label: string, ids: readonly string[]): Promise<void> {
    await this.statement();
    for (const id of ids.toSorted()) {
      const key = nodeKey(label, id);
      if (!(await this.set('node', key, (node) => node))) continue;
      for (const edge of this.#touching(key)) await this.#deleteEdge(edge);
      this.tx.put('node', key, undefined);
    }
  }

  async #withdraw(gone: readonly { edge: StoredEdge; by: string }[]): Promise<void> {
    const byEdge = Map.groupBy(
      gone.filter(({ edge, by }) => edge.by.includes(by)),
      ({ edge }) => edgeKey(edge.from, edge.type, edge.to),
    );
    for (const [key, claims] of byEdge) {
      const gone = new Set(claims.map(({ by }) => by));
      if (!(await this.set('edge', key, (edge) => withoutClaims(edge, gone)))) continue;
      const edge = this.tx.get('edge', key)!;
      if (edge.by.length === 0) await this.#deleteEdge(edge);
    }
  }

  async #deleteEdge({ from, type, to }: StoredEdge): Promise<void> {
    await this.#lockEnds(from, to);
    await this.delete('edge', edgeKey(from, type, to));
  }

  async #lockEnds(from: string, to: string): Promise<void> {
    for (const end of [from, to].sort()) await this.lock('node', end);
  }

  /** The nodes that a relationship's matcher finds. */
  #others(declared: Relationship, row: LinkRow): StoredNode[] {
    return this.tx
      .all('node')
      .filter(
        ({ labels, props }) =>
          labels.has(declared.label) &&
          declared.match.every(({ property }, i) => props[property] === matchValue(row.values[i]!)),
      );
  }

  #edgesOf(own: string, { type, direction }: Relationship): { edge: StoredEdge; other: StoredNode }[] {
    return this.tx
      .all('edge')
      .filter((edge) => edge.type === type && (direction === 'out' ? edge.from : edge.to) === own)
      .map((edge) => ({ edge, other: this.tx.get('node', direction === 'out' ? edge.to : edge.from)! }));
  }

  #touching(node: string): StoredEdge[] {
    return this.tx.all('edge').filter(({ from, to }) => from === node || to === node);
  }
}

/** Whether a record with these values asserts the edge to this node, by one of the relationships of the group. */
function isAsserted(schema: RecordSchema, declared: Relationship, other: StoredNode, values: unknown[][]): boolean {
  return schema.relationships.some(
    (one, index) =>
      groupOf(one) === groupOf(declared) &&
      other.labels.has(one.label) &&
      values[index]!.some((wanted) =>
        one.match.every(
          ({ property }, i) => (one.match.length === 1 ? wanted : (wanted as unknown[])[i]) === other.props[property],
        ),
      ),
  );
}

export function edgeKey(from: string, type: string, to: string): string {
  return `${from} -${type}-> ${to}`;
}

function emptyEdge(type: string, from: string, to: string): StoredEdge {
  return { type, from, to, by: [], tags: [], lastupdated: 0n, props: {} };
}

function withoutClaims(edge: StoredEdge, gone: ReadonlySet<string>): StoredEdge {
  const kept = edge.by.flatMap((claim, i) => (gone.has(claim) ? [] : [[claim, edge.tags[i]!] as const]));
  const tags = kept.map(([, tag]) => tag);
  const lastupdated = tags.reduce((latest, tag) => (tag > latest ? tag : latest), 0n);
  return { ...edge, by: kept.map(([claim]) => claim), tags, lastupdated };
}
