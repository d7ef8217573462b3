import type { Logger } from 'pino';

import type { Lag } from '../../consumers/caught-up.ts';
import type { Progress } from '../../producers/progress.ts';
import type { ErrorOutput } from '../terminal/error-output.ts';
import { ProgressState } from './progress-state.ts';
import { renderProgress } from './render-progress.ts';

export interface ProgressDisplay {
  onCollect: (progress: Progress) => void;
  onLag: (lag: Lag) => void;
  /** Stops and clears the display. */
  [Symbol.dispose](): void;
}

export interface ProgressOptions {
  output: ErrorOutput;
  logger: Logger;
  /** Shows nothing. */
  quiet: boolean;
  /** Between two drawings on a terminal. Default 200. */
  drawMs?: number;
  /** Between two lines off a terminal. Default 10,000. */
  logMs?: number;
}

/** Follows a run: a live display on a terminal, a log line now and then elsewhere. */
export function showProgress({
  output,
  logger,
  quiet,
  drawMs = 200,
  logMs = 10_000,
}: ProgressOptions): ProgressDisplay {
  const state = new ProgressState();
  const isLive = output.isTerminal;
  const show = (): void => {
    if (isLive) output.draw(renderProgress(state, output.rows));
    else logger.info({ ...state.totals(), lag: state.lag }, 'progress');
  };
  const timer = quiet ? undefined : setInterval(show, isLive ? drawMs : logMs);
  timer?.unref();
  return {
    onCollect: (progress) => state.apply(progress),
    onLag: ({ stages, waitingScopes, waitingAnalyses }) => {
      // A marker that has been read is not yet acted on.
      const waiting: Record<string, number> = { cleanup: waitingScopes, analysis: waitingAnalyses };
      state.lag = Object.fromEntries(
        Object.entries(stages).map(([stage, left]) => [stage, Number(left) + (waiting[stage] ?? 0)]),
      );
    },
    [Symbol.dispose]() {
      clearInterval(timer);
      if (isLive) output.draw([]);
    },
  };
}
