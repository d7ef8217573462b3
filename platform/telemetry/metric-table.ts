/** One metric: what is exported under its name. Names, units and suffixes as Prometheus has them: https://prometheus.io/docs/practices/naming/ */
export interface MetricDefinition {
  kind: 'counter' | 'gauge' | 'histogram';
  labels: readonly string[];
  /** One sentence, without a full stop. */
  help: string;
  /** Upper bounds of a histogram's buckets. */
  buckets?: readonly number[];
}

/** Seconds, of one request or transaction. */
const short = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
/** Seconds, of what may take hours. */
const long = [1, 5, 15, 30, 60, 120, 300, 600, 1_800, 3_600, 7_200, 21_600];

/** Every metric of the program, by name; docs/metrics.md is made of it. */
export const metricTable = {
  cartography_stream_aws_calls_total: {
    kind: 'counter',
    labels: ['service', 'operation', 'result'],
    help: 'Requests to AWS, retries too; result is ok, throttled or error',
  },
  cartography_stream_aws_throttles_total: {
    kind: 'counter',
    labels: ['service', 'operation'],
    help: 'Requests that AWS refused for coming too fast',
  },
  cartography_stream_aws_call_duration_seconds: {
    kind: 'histogram',
    labels: ['service'],
    help: 'One request to AWS, from sending it to its answer',
    buckets: short,
  },
  cartography_stream_aws_rate_limit_wait_seconds_total: {
    kind: 'counter',
    labels: ['service'],
    help: "Time that requests waited for the collector's own rate limits, summed up over all requests",
  },
  cartography_stream_collected_records_total: {
    kind: 'counter',
    labels: ['sync'],
    help: 'Records that collectors handed to the producer',
  },
  cartography_stream_collected_scopes_total: {
    kind: 'counter',
    labels: ['sync', 'outcome'],
    help: 'Scopes that ended; outcome is complete, denied, unsupported, failed or skipped',
  },
  cartography_stream_scope_duration_seconds: {
    kind: 'histogram',
    labels: ['sync'],
    help: 'The collection of one scope, from its first call to its marker',
    buckets: long,
  },
  cartography_stream_run_scopes: {
    kind: 'gauge',
    labels: ['state'],
    help: 'Scopes of the run that this process collects; state is planned (of the accounts that have begun) or ended',
  },
  cartography_stream_runs_total: {
    kind: 'counter',
    labels: ['outcome'],
    help: 'Runs that this process ended; outcome is complete, partial or failed',
  },
  cartography_stream_run_duration_seconds: {
    kind: 'histogram',
    labels: [],
    help: 'Runs of this process, from the start to the last marker',
    buckets: long,
  },
  cartography_stream_records_total: {
    kind: 'counter',
    labels: ['stage', 'topic'],
    help: 'Messages that a stage applied or passed over',
  },
  cartography_stream_batches_total: {
    kind: 'counter',
    labels: ['stage'],
    help: 'Transactions that a stage committed',
  },
  cartography_stream_batch_duration_seconds: {
    kind: 'histogram',
    labels: ['stage'],
    help: 'One committed transaction, with the one that follows it up',
    buckets: short,
  },
  cartography_stream_failures_total: {
    kind: 'counter',
    labels: ['stage', 'class'],
    help: 'Attempts of a stage that failed; class is transient, overload, too-large, poison or fatal',
  },
  cartography_stream_dead_letters_total: {
    kind: 'counter',
    labels: ['stage', 'topic'],
    help: 'Messages that a stage wrote to the dead-letter topic',
  },
  cartography_stream_gate_wait_seconds_total: {
    kind: 'counter',
    labels: ['stage'],
    help: 'Time that partitions waited at a closed gate, summed up over the partitions',
  },
  cartography_stream_gate_closed_partitions: {
    kind: 'gauge',
    labels: ['stage'],
    help: 'Partitions of this process that wait at a closed gate',
  },
  cartography_stream_gate_timeouts_total: {
    kind: 'counter',
    labels: ['stage'],
    help: 'Accounts and organizations whose records went on without their marker after --gate-timeout',
  },
  cartography_stream_record_latency_seconds: {
    kind: 'histogram',
    labels: ['stage'],
    help: "From the time at which a record was written to the log to the stage's commit; of each partition's piece of a transaction its oldest record",
    buckets: long,
  },
  cartography_stream_cleaned_scopes_total: {
    kind: 'counter',
    labels: ['result'],
    help: 'Complete scopes that the cleanup has dealt with; result is done, or incomplete where the graph lacks records',
  },
  cartography_stream_deleted_nodes_total: {
    kind: 'counter',
    labels: [],
    help: 'Nodes that the cleanup deleted',
  },
  cartography_stream_scope_latency_seconds: {
    kind: 'histogram',
    labels: [],
    help: "End to end: from the end of a complete scope's collection to the end of its cleanup, when the graph has all of it",
    buckets: long,
  },
  cartography_stream_poll_age_seconds: {
    kind: 'gauge',
    labels: ['stage'],
    help: "Since the stage's consumer was last seen at work; see /livez",
  },
  cartography_stream_lag_records: {
    kind: 'gauge',
    labels: ['stage', 'topic', 'partition'],
    help: 'Offsets between what the stage has applied and the end of the partition',
  },
  cartography_stream_dead_letters: {
    kind: 'gauge',
    labels: ['topic'],
    help: 'Dead letters that nobody has redriven or dropped',
  },
  cartography_stream_scopes: {
    kind: 'gauge',
    labels: ['outcome'],
    help: 'Scopes by how they ended last',
  },
  cartography_stream_scopes_waiting: {
    kind: 'gauge',
    labels: [],
    help: 'Complete scopes whose cleanup waits for its gate',
  },
  cartography_stream_scopes_incomplete: {
    kind: 'gauge',
    labels: [],
    help: 'Complete scopes of which the graph lacks records',
  },
  cartography_stream_account_as_of_timestamp_seconds: {
    kind: 'gauge',
    labels: ['account'],
    help: "Freshness: the graph has what the account's scopes held at this time or later; by the last complete reading of each scope of its latest run",
  },
  cartography_stream_last_run_timestamp_seconds: {
    kind: 'gauge',
    labels: ['state'],
    help: 'The newest run that has started, and that has ended, as the graph knows it; state is started or ended',
  },
  cartography_stream_watch_failures_total: {
    kind: 'counter',
    labels: [],
    help: 'Looks at the graph and the log for the gauges above that failed; the gauges keep their values meanwhile',
  },
} as const satisfies Record<string, MetricDefinition>;

export type MetricName = keyof typeof metricTable;
