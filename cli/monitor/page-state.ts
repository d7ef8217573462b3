import type { ProgressState } from '../progress/progress-state.ts';
import type { GraphView } from './watch-graph.ts';

/** What the status page is told. */
export interface PageState {
  command: string;
  version: string;
  /** Milliseconds. */
  at: number;
  /** Of the collectors in this process; null where there is none. */
  collecting: ReturnType<ProgressState['totals']> | null;
  /** Null before the first look, and where no graph is watched. */
  graph: GraphView | null;
  /** Why the graph cannot be looked at now. */
  problem: string | null;
}
