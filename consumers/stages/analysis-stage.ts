import { analysisNote } from '../analysis/note.ts';
import type { Graph } from '../graph/graph.ts';
import { readMarker } from './cleanup-stage.ts';
import type { Item, Stage } from './stage.ts';

/**
 * Reads the markers of accounts and organizations and notes in the graph that their derived values are to be made. The
 * analyst (analysis/analyst.ts) acts on the notes when their gate opens.
 */
export function analysisStage(graph: Graph, onNoted: () => void): Stage {
  return {
    name: 'analysis',
    deadLettersUndecodable: false,
    wants: ({ name }) =>
      name === 'cartography.aws.markers.AccountMarker' || name === 'cartography.aws.markers.HierarchyMarker',
    prepare: () => graph.prepareBookkeeping(),
    open: (_topic, _partition, items) => Promise.resolve(items.length),
    async apply(tx, items: readonly Item[]) {
      const markers = items.map(({ decoded }) => readMarker(decoded).marker);
      const notes = markers
        .filter(({ kind, value }) => kind === 'account' || value['outcome'] === 'complete')
        .map(analysisNote);
      await tx.storeMarkers([...new Map(notes.map((note) => [note.key, note])).values()]);
      onNoted();
      return undefined;
    },
  };
}
