import type { metricTable, MetricName } from './metric-table.ts';

type Table = typeof metricTable;
type OfKind<K> = { [N in MetricName]: Table[N]['kind'] extends K ? N : never }[MetricName];
/** A value for each label of the metric. */
export type LabelsOf<N extends MetricName> = Record<Table[N]['labels'][number], string>;

/** Where measurements go. All are cheap enough for each batch and each call, none for each record. */
export interface Metrics {
  /** Counts; by default one. */
  add<N extends OfKind<'counter'>>(name: N, labels: LabelsOf<N>, count?: number): void;
  /** Sets a gauge. */
  set<N extends OfKind<'gauge'>>(name: N, labels: LabelsOf<N>, value: number): void;
  /** Replaces all values of a gauge, so that what is gone leaves no value behind. */
  replace<N extends OfKind<'gauge'>>(name: N, values: readonly [LabelsOf<N>, number][]): void;
  /** One observation of a histogram, in seconds. */
  observe<N extends OfKind<'histogram'>>(name: N, labels: LabelsOf<N>, seconds: number): void;
}

/** For when nobody asks. */
export const noMetrics: Metrics = {
  add: () => undefined,
  set: () => undefined,
  replace: () => undefined,
  observe: () => undefined,
};

/** Sends every measurement to all of these. */
export function sendToAll(targets: readonly Metrics[]): Metrics {
  return {
    add: (...measured) => targets.forEach((target) => target.add(...measured)),
    set: (...measured) => targets.forEach((target) => target.set(...measured)),
    replace: (...measured) => targets.forEach((target) => target.replace(...measured)),
    observe: (...measured) => targets.forEach((target) => target.observe(...measured)),
  };
}
