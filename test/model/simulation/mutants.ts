import type { FenceKey, GraphTransaction } from '../../../consumers/graph/graph.ts';
import { groupOf } from '../../../consumers/graph/link-statements.ts';
import type { Gate } from '../../../consumers/runner/gate.ts';
import type { Decoded, Decoder } from '../../../schemas/codec.ts';
import { MemoryTransaction } from '../memory-graph/memory-transaction.ts';
import { replaceMethods } from '../memory-graph/replace-methods.ts';
import type { Mutant } from './mutant.ts';

/** Loaders that lack one guard each: by its name, what is missing. */
export const mutants: Readonly<Record<string, Mutant>> = {
  'the tag condition of upserts and claims': {
    client: () => ({
      makeTransaction: (tx, surroundings) =>
        new (class extends MemoryTransaction {
          protected override isNewer(): boolean {
            return true;
          }
        })(tx, surroundings),
    }),
  },
  'the content of an unchanged record': {
    client: () => ({
      makeTransaction: (tx, surroundings) =>
        new (class extends MemoryTransaction {
          protected override isSame(): boolean {
            return true;
          }
        })(tx, surroundings),
    }),
  },
  'the skip of records below the watermark': without(() => ({
    watermarksOf: async (wanted) => new Map([...wanted.keys()].map((schema) => [schema, new Map()])),
  })),
  'the skip of records below the fence': { client: blindToFences },
  'the fence within the transaction': without((tx) => ({
    // One record too far, as if the fence had moved by itself before a crash.
    moveFences: (fences) => tx.moveFences(fences.map((fence) => ({ ...fence, offset: fence.offset + 1n }))),
  })),
  "the gate's marker": {
    gate: (gate) => ({ open: (...place: Parameters<Gate['open']>) => openWhenMade(gate, ...place) }) as unknown as Gate,
  },
  'the gate altogether': {
    gate: () => ({ open: async (_topic, _partition, items) => items.length }) as Pick<Gate, 'open'> as Gate,
  },
  "the cleanup's gate": { low: () => 2n ** 62n },
  'the end-to-end check': without(() => ({
    countRecords: async (_schema, scopes) => new Map(scopes.map(({ scope }) => [scope, Infinity])),
  })),
  'the outcome check': { decoder: withMarkers((value) => ({ ...value, outcome: 'complete' })) },
  'withheld ids': { decoder: withMarkers((value) => withTypes(value, { withheld: [] })) },
  'withheld record types': { decoder: withMarkers((value) => withTypes(value, { complete: true })) },
  'claims beside the shown record': without(() => ({ keepClaims: async () => undefined })),
  'the election of claims': without(() => ({ elect: async () => undefined })),
  'present() before links': without(() => ({
    present: async (_schema, rows) => new Set(rows.map(({ claim }) => claim)),
  })),
  'the edges that a record holds no longer': without((tx) => ({
    holdEdges: async (...what) =>
      (await tx.holdEdges(...what)).map((held) => held && { ...held, lost: held.lost.map(() => 0) }),
  })),
  'the edges that a record lacks': without((tx) => ({
    holdEdges: async (schema, groups, rows) => {
      const held = await tx.holdEdges(schema, groups, rows);
      const groupAt = (index: number): string => groupOf(schema.relationships[index]!);
      const wanted = (values: unknown[][], group: number): number =>
        values.reduce((sum, one, index) => sum + (groupAt(index) === groupAt(group) ? one.length : 0), 0);
      return held.map((one, i) => one && { ...one, asserted: groups.map((group) => wanted(rows[i]!.values, group)) });
    },
  })),
  'the pruning of links': without(() => ({ prune: async () => undefined })),
  'pending references': without((tx) => ({
    addReferences: async () => undefined,
    replaceReferences: (stage, claims) => tx.replaceReferences(stage, claims, []),
  })),
  'the withdrawal of dead records’ edges': without(() => ({ withdraw: async () => undefined })),
  'references to deleted nodes': without(() => ({ inbound: async () => [] })),
  siblings: without(() => ({ alsoShown: async () => [] })),
  'the wait of the cleanup for chunks that began before': without((tx) => ({
    // A chunk locks by key, the cleanup by the fence that it has read.
    lockFences: async (keys) => (keys.some((key) => 'offset' in key) ? [] : tx.lockFences(keys)),
  })),
  'the locks of the cleanup': without(() => ({ stopStages: async () => undefined })),
};

function without(replace: (tx: MemoryTransaction) => Partial<GraphTransaction>): Mutant {
  return { client: () => ({ wrap: (tx) => replaceMethods(tx, replace(tx)) }) };
}

/** A loader that takes its own word for where a fence stands. */
function blindToFences(): ReturnType<NonNullable<Mutant['client']>> {
  const believed = new Map<string, bigint>();
  const place = ({ stage, topic, partition }: FenceKey): string => `${stage}|${topic}|${partition}`;
  return {
    wrap: (tx) =>
      replaceMethods(tx, {
        lockFences: async (keys) => {
          const fences = await tx.lockFences(keys);
          return fences.map((fence) => fence && { ...fence, offset: believed.get(place(fence)) ?? fence.offset });
        },
        moveFences: async (fences) => {
          await tx.moveFences(fences);
          for (const fence of fences) believed.set(place(fence), fence.offset);
        },
      }),
  };
}

/** Waits for the record's own node, not for the marker: what a gate does once its timeout is over. */
async function openWhenMade(gate: Gate, ...[topic, partition, items]: Parameters<Gate['open']>): Promise<number> {
  const patient = items.map((item) => ({ ...item, row: { ...item.row!, tag: -1n } }));
  return gate.open(topic, partition, patient);
}

function withMarkers(
  change: (value: Record<string, unknown>) => Record<string, unknown>,
): (decoder: Decoder) => Decoder {
  const changed = (decoded: Decoded): Decoded =>
    decoded.schema === undefined && 'recordTypes' in decoded.value
      ? { ...decoded, value: change(decoded.value) }
      : decoded;
  return (decoder) => ({
    decode: (bytes) => {
      const decoded = decoder.decode(bytes);
      return decoded instanceof Promise ? decoded.then(changed) : changed(decoded);
    },
  });
}

function withTypes(value: Record<string, unknown>, change: object): Record<string, unknown> {
  return { ...value, recordTypes: (value['recordTypes'] as object[]).map((type) => ({ ...type, ...change })) };
}
