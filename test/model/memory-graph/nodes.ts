import { contentOf } from '../../../consumers/graph/content.ts';
import type { Upserted } from '../../../consumers/graph/graph.ts';
import { claimedNode } from '../../../consumers/graph/node-statements.ts';
import { valueOf, slotOf, writtenProperties } from '../../../consumers/graph/names.ts';
import type { Row } from '../../../consumers/graph/row.ts';
import type { RecordSchema } from '../../../schemas/record-schema.ts';
import { BookkeepingStatements, sorted } from './bookkeeping.ts';
import { failure, type StoredClaim, type StoredNode } from './store.ts';

/** A property value that this database refuses, as Neo4j refuses some. */
export const refusedValue = 'refused';

type Props = Readonly<Record<string, unknown>>;

/** Nodes and claims: what GraphTransaction's methods do that the nodes stage calls. */
export abstract class NodeStatements extends BookkeepingStatements {
  async lockNodes(label: string, ids: readonly string[]): Promise<void> {
    await this.statement();
    for (const id of [...new Set(ids)].sort()) await this.#merge(label, id);
  }

  async shownScopes(schema: RecordSchema, ids: readonly string[]): Promise<Map<string, string>> {
    await this.statement();
    const shown = new Map<string, string>();
    for (const id of ids.toSorted()) {
      if (!(await this.set('node', nodeKey(schema.label, id), (node) => node))) continue;
      const scope = this.tx.get('node', nodeKey(schema.label, id))!.props[slotOf(schema.name).scope];
      if (scope !== undefined) shown.set(id, scope as string);
    }
    return shown;
  }

  async renew(schema: RecordSchema, rows: readonly Row[]): Promise<Row[]> {
    await this.statement();
    const slot = slotOf(schema.name);
    const done = new Set<Row>();
    for (const row of sorted(rows, ({ id }) => id)) {
      const key = nodeKey(schema.label, row.id);
      if (!(await this.set('node', key, (node) => node))) continue;
      const node = this.tx.get('node', key)!;
      if (!this.#isShown(node, schema, row) || (node.props[slot.tag] as bigint) > row.tag) continue;
      const lastupdated = later(node.props['lastupdated'] as bigint | undefined, row.tag);
      this.tx.put('node', key, { ...node, props: { ...node.props, [slot.tag]: row.tag, lastupdated } });
      done.add(row);
    }
    return rows.filter((row) => !done.has(row));
  }

  async upsert(schema: RecordSchema, rows: readonly Row[]): Promise<Upserted> {
    await this.statement();
    const slot = slotOf(schema.name);
    const taken: Row[] = [];
    let same = 0;
    for (const row of sorted(rows, ({ id }) => id)) {
      refuse(row);
      const node = await this.#merge(schema.label, row.id);
      if (this.#isShown(node, schema, row)) same++;
      if ((node.props[slot.scope] ?? row.scope) !== row.scope) taken.push(row);
      else if (this.isNewer(row.tag, (node.props[slot.tag] ?? -1n) as bigint))
        this.tx.put(
          'node',
          nodeKey(node.label, node.id),
          show(node, schema, { ...row, content: contentOf(schema, row.message) }),
        );
    }
    return { taken, same };
  }

  async keepClaims(schema: RecordSchema, rows: readonly Row[]): Promise<void> {
    await this.statement();
    for (const row of sorted(rows, ({ claim }) => claim)) {
      refuse(row);
      await this.lock('claim', row.claim);
      const known = this.tx.get('claim', row.claim);
      if (known !== undefined && !this.isNewer(row.tag, known.tag)) continue;
      const { claim, id, scope, tag } = row;
      const of = claimedNode(schema.name, id);
      const props = assign(known?.props ?? {}, row.props);
      this.tx.put('claim', claim, { claim, of, type: schema.name, scope, id, tag, props });
    }
  }

  async elect(schema: RecordSchema, rows: readonly Row[]): Promise<void> {
    await this.statement();
    const slot = slotOf(schema.name);
    for (const row of sorted(rows, ({ id }) => id)) {
      const key = nodeKey(schema.label, row.id);
      if (!(await this.set('node', key, (node) => node))) continue;
      const node = this.tx.get('node', key)!;
      const claim = this.tx.get('claim', row.claim);
      const [scope, tag] = [node.props[slot.scope] as string | undefined, node.props[slot.tag] as bigint | undefined];
      if (claim === undefined || scope === undefined || tag === undefined) continue;
      if (!(claim.tag > tag || (claim.tag === tag && claim.scope < scope))) continue;
      const old: StoredClaim = {
        ...claim,
        claim: `${schema.name}|${scope}|${row.id}`,
        scope,
        tag,
        props: writtenBy(schema, node.props),
      };
      await this.lock('claim', old.claim);
      this.tx.put('claim', old.claim, old);
      this.tx.put('node', key, show(node, schema, claim));
      await this.delete('claim', claim.claim);
    }
  }

  /** Whether the node shows a record of this scope with this content. */
  #isShown({ props }: StoredNode, schema: RecordSchema, { scope, message }: Row): boolean {
    const slot = slotOf(schema.name);
    return props[slot.scope] === scope && this.isSame(props[slot.content], contentOf(schema, message));
  }

  protected isSame(shown: unknown, content: bigint | null): boolean {
    return shown !== undefined && shown === content;
  }

  /** Whether a record may take the place of one with the same key. */
  protected isNewer(tag: bigint, than: bigint): boolean {
    return tag >= than;
  }

  async #merge(label: string, id: string): Promise<StoredNode> {
    const key = nodeKey(label, id);
    await this.lock('node', key);
    const node = this.tx.get('node', key) ?? { label, id, labels: new Set([label]), props: { id } };
    this.tx.put('node', key, node);
    return node;
  }
}

export function nodeKey(label: string, id: string): string {
  return `${label}|${id}`;
}

/** The node with this record in its type's place. */
export function show(
  node: StoredNode,
  schema: RecordSchema,
  { scope, tag, props, content = null }: { scope: string; tag: bigint; props: Props; content?: bigint | null },
): StoredNode {
  const slot = slotOf(schema.name);
  const shown = assign(node.props, {
    ...writtenBy(schema, props),
    [slot.scope]: scope,
    [slot.tag]: tag,
    [slot.content]: content,
    lastupdated: later(node.props['lastupdated'] as bigint | undefined, tag),
  });
  return withConditions(schema, {
    ...node,
    labels: new Set([...node.labels, ...schema.labels]),
    props: settle(schema, shown),
  });
}

/** The node with those labels whose condition its properties meet, and without the others. */
export function withConditions(schema: RecordSchema, node: StoredNode): StoredNode {
  const labels = new Set(node.labels);
  for (const { label, property } of schema.conditionalLabels) {
    if (node.props[property] === true) labels.add(label);
    else labels.delete(label);
  }
  return { ...node, labels };
}

function later(before: bigint | undefined, tag: bigint): bigint {
  return before !== undefined && before > tag ? before : tag;
}

/** The first type's value that there is, for each property that several types set. */
export function settle(schema: RecordSchema, props: Props): Props {
  return assign(
    props,
    Object.fromEntries(
      [...schema.contested].map(([property, winners]) => [
        property,
        winners.map((winner) => props[valueOf(winner, property)]).find((value) => value !== undefined),
      ]),
    ),
  );
}

function writtenBy(schema: RecordSchema, props: Props): Props {
  return Object.fromEntries(writtenProperties(schema).map((name) => [name, props[name]]));
}

/** `SET n += changes`. */
export function assign(props: Props, changes: Props): Props {
  const all = { ...props, ...changes };
  for (const [name, value] of Object.entries(all)) if (value === null || value === undefined) delete all[name];
  return all;
}

function refuse({ props }: Row): void {
  if (Object.values(props).includes(refusedValue)) throw failure('Neo.ClientError.Statement.TypeError');
}
