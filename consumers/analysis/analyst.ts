import type { Graph, GraphTransaction, StoredMarker } from '../graph/graph.ts';
import { type GateOptions, passing } from '../runner/gate.ts';
import type { Round } from '../runner/rounds.ts';

export interface AnalystOptions {
  graph: Graph;
  /** Brings the derived values of these accounts and organizations up to date. `runs`: which runs of them ask for it. */
  update: (
    subjects: readonly string[],
    runs: readonly Pick<StoredMarker, 'subject' | 'tag'>[],
    signal?: AbortSignal,
  ) => Promise<unknown>;
  low: GateOptions['low'];
}

/** Account markers are large: no more of them are looked at in one round. */
const notesAtOnce = 500;
/**
 * Of how many runs a graph keeps an account's markers, each of which has the outcome of every scope: all that an older one is
 * for is done once its account is analysed for a later run. As many as `status` tells of.
 */
const runsKept = 5;

/**
 * Acts on what the analysis stage has noted: once the nodes and links stages have passed all that an account wrote and
 * its scopes are cleaned, its derived values are made. Accounts whose gates open together are dealt with together.
 */
export class Analyst {
  readonly #options: AnalystOptions;

  constructor(options: AnalystOptions) {
    this.#options = options;
  }

  /** A signal that is aborted ends it in the middle: the notes stay, and the next round does it again. */
  async round(signal?: AbortSignal): Promise<Round> {
    const { graph, update } = this.#options;
    const { notes, open } = await graph.transact((tx) => this.#readNotes(tx));
    if (open.length > 0) {
      await update([...new Set(open.map(({ subject }) => subject))].sort(), open, signal);
      await graph.transact(async (tx) => {
        await tx.settleMarkers(
          open.map(({ key }) => key),
          'done',
        );
        await tx.forgetAccountMarkers(new Map(open.map(({ subject, tag }) => [subject, tag])), runsKept);
      });
    }
    return { done: open.length, waiting: notes.length - open.length };
  }

  async #readNotes(tx: GraphTransaction): Promise<{ notes: StoredMarker[]; open: StoredMarker[] }> {
    const notes = await tx.markers({ kind: 'analysis', state: 'waiting' });
    if (notes.length === 0) return { notes, open: [] };
    const uncleanedTags = await tx.oldestWaiting([...new Set(notes.map(({ subject }) => subject))]);
    const stages = ['nodes', 'links'];
    const isPassed = passing(stages, await tx.fences(stages), this.#options.low);
    const isCleaned = ({ subject, tag }: StoredMarker): boolean => (uncleanedTags.get(subject) ?? tag + 1n) > tag;
    const past = notes.filter((note) => isCleaned(note) && isPassed(note)).slice(0, notesAtOnce);
    // A scope's marker stands before its account's in the log: once that one is stored, the scope's is.
    const stored = await tx.markersOf(past.flatMap(({ value }) => (value['marker'] as string | null) ?? []));
    const known = new Map(stored.map(({ key, value }) => [key, value['endedAt'] as number]));
    const isStored = ({ value: { marker, endedAt } }: StoredMarker): boolean =>
      marker === null || (known.get(marker as string) ?? -1) >= (endedAt as number);
    const missing = past.filter(({ value: { marker } }) => marker !== null && !known.has(marker as string));
    const forgotten = await findForgotten(tx, missing);
    return { notes, open: past.filter((note) => isStored(note) || forgotten.has(note)) };
  }
}

/** The notes whose marker is no longer there because one that ended later was stored: with a larger tag, not always the next larger one. */
async function findForgotten(
  tx: GraphTransaction,
  missing: readonly StoredMarker[],
): Promise<ReadonlySet<StoredMarker>> {
  const forgotten = new Set<StoredMarker>();
  for (let asked = missing.map((note) => ({ note, above: note.tag })); asked.length > 0;) {
    const markers = await tx.earliestMarkers(
      'account',
      asked.map(({ note: { subject }, above }) => ({ subject, tag: above + 1n })),
    );
    asked = asked.flatMap(({ note }, index) => {
      const marker = markers[index];
      if (marker === undefined) return [];
      if ((marker.value['endedAt'] as number) < (note.value['endedAt'] as number)) return [{ note, above: marker.tag }];
      forgotten.add(note);
      return [];
    });
  }
  return forgotten;
}
