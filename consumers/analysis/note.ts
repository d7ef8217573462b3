import { accountOfScope } from '../../schemas/scope.ts';
import type { Fence, StoredMarker } from '../graph/graph.ts';

/**
 * Asks for the derived values of the account or the organization that a marker is of. No two markers share a note, so that
 * one which comes while another is acted on is not settled with it.
 */
export function analysisNote({ key, kind, subject, tag, value }: StoredMarker): StoredMarker {
  return {
    key: `analysis|${key}|${String(value['endedAt'])}`,
    kind: 'analysis',
    subject: kind === 'scope' ? accountOfScope(subject)! : subject,
    tag,
    state: 'waiting',
    // A scope's marker has been acted on; the others may not have been stored yet.
    value: { marker: kind === 'scope' ? null : key, endedAt: value['endedAt'], offsets: value['offsets'] },
  };
}

/**
 * The same for what was cleaned after its records had been redriven: they stand behind the marker's own offsets, at most
 * where the nodes stage is.
 */
export function redrivenNote(marker: StoredMarker, nodes: readonly Fence[]): StoredMarker {
  const note = analysisNote(marker);
  const offsets = nodes.map(({ topic, partition, offset }) => ({ topic, partition, offset: Number(offset) }));
  return { ...note, value: { ...note.value, offsets } };
}
