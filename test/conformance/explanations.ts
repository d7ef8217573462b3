import type { Explanation } from './explain.ts';

/** All that may differ from the reference's graph, by the row of docs/differences.md that gives the reason. */
export const explanations: readonly Explanation[] = [];
