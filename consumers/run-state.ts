import type { Graph, StoredMarker } from './graph/graph.ts';
import { fencesOf, type GateOptions, passing } from './runner/gate.ts';
import { readsMarkers, stageNames } from './load.ts';

/** How far the graph is with one run. */
export interface RunState {
  tag: number;
  /** `collecting`: the run's end has not been read, or not since it was started again; `loading`: it has, and stages, cleanups or analyses are behind it; `loaded`: all is applied. */
  state: 'collecting' | 'loading' | 'loaded';
  /** Complete scopes whose cleanup has not come yet. */
  waitingScopes: number;
  /** Complete scopes that were left alone because the graph lacks records that were sent; see the dead-letter topics. */
  incompleteScopes: string[];
  /** Accounts and organizations whose derived values have not been made yet. */
  waitingAnalyses: number;
}

/** What a graph holds of the run with this tag. `low`: the first offset that is still in the log. */
export async function readRunState(graph: Graph, tag: number, low: GateOptions['low']): Promise<RunState> {
  return graph.transact(async (tx) => {
    const [started] = await tx.markers({ kind: 'run-started', tag: BigInt(tag) });
    const [ended] = await tx.markers({ kind: 'run', tag: BigInt(tag) });
    const run = ended !== undefined && timeOf(started) <= timeOf(ended) ? ended : undefined;
    const { waiting, incomplete: incompleteScopes } = await tx.countPendingMarkers(BigInt(tag));
    const waitingAnalyses = await tx.countWaitingAnalyses(BigInt(tag));
    const fences = await tx.fences(stageNames);
    const recordStages = stageNames.filter((stage) => !readsMarkers(stage));
    const isApplied = passing(recordStages, fences, low);
    // Whether the analysis has read as far as the cleanup, which stores the markers, has.
    const noted = fencesOf('analysis', fences);
    const isNoted = [...fencesOf('cleanup', fences)].every(
      ([place, { offset }]) => (noted.get(place)?.offset ?? 0n) >= offset,
    );
    const isDone = waiting === 0 && isNoted && waitingAnalyses === 0;
    const state = run === undefined ? 'collecting' : isDone && isApplied(run) ? 'loaded' : 'loading';
    return { tag, state, waitingScopes: waiting, incompleteScopes, waitingAnalyses };
  });
}

function timeOf(marker: StoredMarker | undefined): number {
  return (marker?.value['at'] as number | undefined) ?? 0;
}
