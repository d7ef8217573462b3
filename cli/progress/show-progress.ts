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
export function showProgress(options: ProgressOptions): ProgressDisplay {
  const state = new ProgressState();
  const shown = showNowAndThen(
    options,
    (rows) => renderProgress(state, rows),
    () => ({ ...state.totals(), lag: state.lag }),
  );
  return {
    ...shown,
    onCollect: (progress) => state.apply(progress),
    onLag: ({ stages, waitingScopes, waitingAnalyses }) => {
      // A marker that has been read is not yet acted on.
      const waiting: Record<string, number> = { cleanup: waitingScopes, analysis: waitingAnalyses };
      state.lag = Object.fromEntries(
        Object.entries(stages).map(([stage, left]) => [stage, Number(left) + (waiting[stage] ?? 0)]),
      );
    },
  };
}

/** Draws lines on a terminal, or logs fields elsewhere, until it is disposed of. */
export function showNowAndThen(
  { output, logger, quiet, drawMs = 200, logMs = 10_000 }: ProgressOptions,
  linesOf: (rows: number) => string[],
  fieldsOf: () => object,
): Disposable {
  const isLive = output.isTerminal;
  const show = (): void => {
    if (isLive) output.draw(linesOf(output.rows));
    else logger.info(fieldsOf(), 'progress');
  };
  const timer = quiet ? undefined : setInterval(show, isLive ? drawMs : logMs);
  timer?.unref();
  return {
    [Symbol.dispose]() {
      clearInterval(timer);
      if (isLive) output.draw([]);
    },
  };
}
