import type { GraphTransaction, StaleRecord, Watermark } from '../../../consumers/graph/graph.ts';
import { claimedNode } from '../../../consumers/graph/node-statements.ts';
import { isOwn, ownProperties, shortName, shownIn, slotOf, valueOf } from '../../../consumers/graph/names.ts';
import type { RecordSchema } from '../../../schemas/record-schema.ts';
import { recordKey } from '../../../schemas/scope.ts';
import { LinkStatements } from './links.ts';
import { assign, nodeKey, settle, show, withConditions } from './nodes.ts';
import type { StoredNode } from './store.ts';

/**
 * GraphTransaction over a Store: each method does what the port says and takes the locks that its Cypher takes
 * (consumers/graph/), with other transactions' turns before each statement.
 */
export class MemoryTransaction extends LinkStatements implements GraphTransaction {
  async countRecords(
    schema: RecordSchema,
    scopes: readonly { scope: string; tag: bigint }[],
  ): Promise<Map<string, number>> {
    await this.statement();
    const slot = slotOf(schema.name);
    return new Map(
      scopes.map(({ scope, tag }) => {
        const shown = this.tx
          .all('node')
          .filter(
            ({ label, props }) => label === schema.label && props[slot.scope] === scope && isFrom(props[slot.tag], tag),
          );
        const kept = this.tx
          .all('claim')
          .filter((claim) => claim.type === schema.name && claim.scope === scope && claim.tag >= tag);
        return [scope, shown.length + kept.length];
      }),
    );
  }

  async hasStale(schema: RecordSchema, watermarks: ReadonlyMap<string, Watermark>): Promise<boolean> {
    return (await this.stale(schema, watermarks, 1)).length > 0;
  }

  async stale(schema: RecordSchema, watermarks: ReadonlyMap<string, Watermark>, limit: number): Promise<StaleRecord[]> {
    const slot = slotOf(schema.name);
    const isDead = (id: string, scope: string, tag: bigint): boolean => {
      const watermark = watermarks.get(scope);
      return watermark !== undefined && tag < (watermark.withheld.get(id) ?? watermark.tag);
    };
    await this.statement();
    const kept = this.tx
      .all('claim')
      .filter(({ type, id, scope, tag }) => type === schema.name && isDead(id, scope, tag));
    await this.statement();
    const shown = this.tx
      .all('node')
      .filter(
        ({ label, id, props }) =>
          label === schema.label &&
          props[slot.scope] !== undefined &&
          isDead(id, props[slot.scope] as string, props[slot.tag] as bigint),
      );
    return [
      ...kept.slice(0, limit).map(({ id, scope }) => ({ id, scope, shown: false })),
      ...shown.slice(0, limit).map(({ id, props }) => ({ id, scope: props[slot.scope] as string, shown: true })),
    ];
  }

  async alsoShown(schema: RecordSchema, ids: readonly string[]): Promise<string[]> {
    await this.statement();
    const own = shortName(schema.name);
    const names = ids.flatMap((id) => Object.keys(this.tx.get('node', nodeKey(schema.label, id))?.props ?? {}));
    return [...new Set(names)].flatMap((name) => shownIn(name) ?? []).filter((short) => short !== own);
  }

  async vacate(
    schema: RecordSchema,
    records: readonly StaleRecord[],
    siblings: readonly RecordSchema[],
  ): Promise<string[]> {
    const slot = slotOf(schema.name);
    const shown = records
      .filter((record) => record.shown)
      .map(({ id }) => id)
      .sort();
    await this.statement();
    for (const { id, scope } of records.filter((record) => !record.shown))
      await this.delete('claim', recordKey(schema.name, scope, id));
    await this.statement();
    for (const id of shown) {
      const [best] = this.tx
        .all('claim')
        .filter(({ of }) => of === claimedNode(schema.name, id))
        .sort((a, b) => Number(b.tag - a.tag) || (a.scope < b.scope ? -1 : 1));
      if (best === undefined) continue;
      await this.set('node', nodeKey(schema.label, id), (node) => renewTag(show(node, schema, best)));
      await this.delete('claim', best.claim);
    }
    await this.statement();
    const dying: string[] = [];
    for (const id of shown) {
      const key = nodeKey(schema.label, id);
      const scopes = records.filter((record) => record.id === id).map(({ scope }) => scope);
      const found = this.tx.get('node', key)?.props[slot.scope];
      if (!scopes.includes(found as string)) continue;
      if (!(await this.set('node', key, (node) => renewTag(without(node, schema, siblings))))) continue;
      if (tagsOf(this.tx.get('node', key)!).length === 0) dying.push(id);
    }
    return dying;
  }

  async withdraw(schema: RecordSchema, records: readonly StaleRecord[]): Promise<void> {
    await this.withdrawEdges(schema, records);
    await this.statement();
    const claims = new Set(records.map(({ id, scope }) => recordKey(schema.name, scope, id)));
    for (const reference of this.tx.all('reference'))
      if (claims.has(reference.claim)) await this.delete('reference', reference.key);
  }
}

/** The node without its record of this type: siblings keep what they set too. */
function without(node: StoredNode, schema: RecordSchema, siblings: readonly RecordSchema[]): StoredNode {
  const slot = slotOf(schema.name);
  const shown = siblings.filter(({ name }) => node.props[slotOf(name).scope] !== undefined);
  const lost = [
    slot.scope,
    slot.tag,
    slot.content,
    ...[...schema.contested.keys(), ...schema.derived].map((property) => valueOf(schema.name, property)),
    ...ownProperties(schema)
      .filter((property) => isOwn(schema, property))
      .filter((property) => !shown.some((sibling) => ownProperties(sibling).includes(property))),
  ];
  const props = assign(node.props, Object.fromEntries(lost.map((name) => [name, undefined])));
  const lostLabels = new Set(schema.labels.filter((label) => !shown.some(({ labels }) => labels.includes(label))));
  return withConditions(schema, {
    ...node,
    labels: node.labels.difference(lostLabels),
    props: settle(schema, props),
  });
}

function renewTag(node: StoredNode): StoredNode {
  const tags = tagsOf(node);
  if (tags.length === 0) return node;
  const lastupdated = tags.reduce((latest, tag) => (tag > latest ? tag : latest), 0n);
  return { ...node, props: { ...node.props, lastupdated } };
}

function tagsOf({ props }: StoredNode): bigint[] {
  return Object.keys(props)
    .filter((name) => name.startsWith('_tag_'))
    .map((name) => props[name] as bigint);
}

function isFrom(tag: unknown, least: bigint): boolean {
  return tag !== undefined && (tag as bigint) >= least;
}
