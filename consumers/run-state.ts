import type { Graph, StoredMarker } from './graph/graph.ts';
import { isPassed, offsetsOf, placeOf, type GateOptions } from './runner/gate.ts';
import { stageNames } from './load.ts';

/** How far the graph is with one run. */
export interface RunState {
  tag: number;
  /** `collecting`: the run's end has not been read; `loading`: it has, and stages or cleanups are behind it; `loaded`: all is applied. */
  state: 'collecting' | 'loading' | 'loaded';
  /** Complete scopes whose cleanup has not come yet. */
  waitingScopes: number;
  /** Complete scopes that were left alone because the graph lacks records that were sent; see the dead-letter topics. */
  incompleteScopes: string[];
}

/** What a graph holds of the run with this tag. `low`: the first offset that is still in the log. */
export async function readRunState(graph: Graph, tag: number, low: GateOptions['low']): Promise<RunState> {
  return graph.transact(async (tx) => {
    const [run] = await tx.markers({ kinds: ['run'], tag: BigInt(tag) });
    const { waiting, incomplete: incompleteScopes } = await tx.countPendingMarkers(BigInt(tag));
    const fences = await tx.fences(stageNames);
    const isApplied = (marker: StoredMarker): boolean =>
      stageNames
        .filter((stage) => stage !== 'cleanup')
        .every((stage) => {
          const own = new Map(fences.filter((fence) => fence.stage === stage).map((fence) => [placeOf(fence), fence]));
          return offsetsOf(marker).every((end) => isPassed(end, own, low));
        });
    const state = run === undefined ? 'collecting' : waiting === 0 && isApplied(run) ? 'loaded' : 'loading';
    return { tag, state, waitingScopes: waiting, incompleteScopes };
  });
}
