import { InfrastructureError } from '../platform/errors.ts';
import { assetScope } from '../schemas/scope.ts';
import { errorCodeOf } from './aws/error-code.ts';
import { orAborted } from './or-aborted.ts';
import type { OffsetVector } from './offset-vector.ts';
import type { FailedOutcome, Outcome } from './outcomes.ts';
import { outcomeOf } from './outcomes.ts';
import type { RunContext } from './run-context.ts';
import { openScopeWriter } from './scope-writer.ts';
import type { Sync, SyncContext } from './sync.ts';

export interface ScopeResult {
  scope: string;
  sync: string;
  /** `global` for global syncs. */
  region: string;
  outcome: Outcome;
  reason: string | undefined;
  /** Distinct records by type. */
  records: ReadonlyMap<string, number>;
  offsets: OffsetVector;
}

export interface ScopeOptions {
  sync: Sync;
  accountId: string;
  /** `global` for global syncs. */
  region: string;
  /** Everything but `withhold`. */
  context: Omit<SyncContext, 'withhold'>;
}

/**
 * Collects one scope, whatever happens, into an outcome, and sends its marker once its records are acknowledged.
 * @throws InfrastructureError when Kafka or the registry is gone, and the signal's reason when the run was aborted: no marker then.
 */
export async function collectScope(options: ScopeOptions, run: RunContext): Promise<ScopeResult> {
  const { sync, accountId, region } = options;
  const { metrics, tracing } = run.telemetry;
  const attributes = { 'cloud.account.id': accountId, 'cloud.region': region, 'cartography.sync': sync.id };
  return tracing.span({ name: `collect ${sync.id}`, kind: 'producer', attributes }, async (annotate) => {
    const startedAtMs = performance.now();
    const result = await orAborted(collect(options, run), run.signal);
    annotate({ 'cartography.outcome': result.outcome });
    metrics.add('cartography_stream_collected_scopes_total', { sync: sync.id, outcome: result.outcome });
    const seconds = (performance.now() - startedAtMs) / 1_000;
    metrics.observe('cartography_stream_scope_duration_seconds', { sync: sync.id }, seconds);
    return result;
  });
}

/** A metric is too slow for each record. */
const countedAtOnce = 500;

async function collect({ sync, accountId, region, context }: ScopeOptions, run: RunContext): Promise<ScopeResult> {
  run.signal.throwIfAborted();
  const startedAt = Date.now();
  const scope = assetScope(accountId, region, sync.id);
  const writer = openScopeWriter({
    producer: run.producer,
    encoder: run.encoder,
    catalogue: run.catalogue,
    logger: run.logger,
    topic: run.topics.assets,
    scope,
    envelope: { accountId, region, updateTag: run.updateTag },
    recordTypes: sync.records,
    updateTag: run.updateTag,
    source: `urn:aws:${accountId}:${region}`,
    traceparent: run.trace.startSpan(),
  });

  let counted = 0;
  const count = (): void => {
    const { written } = writer;
    run.telemetry.metrics.add('cartography_stream_collected_records_total', { sync: sync.id }, written - counted);
    counted = written;
  };
  let failure: FailedOutcome | undefined;
  try {
    for await (const yielded of sync.collect({ ...context, withhold: (...what) => writer.withhold(...what) })) {
      run.signal.throwIfAborted();
      for (const record of Array.isArray(yielded) ? yielded : [yielded]) {
        const room = writer.write(record);
        if (room !== undefined) await room;
      }
      if (writer.written - counted >= countedAtOnce) count();
    }
  } catch (error) {
    run.signal.throwIfAborted();
    if (error instanceof InfrastructureError) throw error;
    failure = outcomeOf(error);
    // AWS's errors may hold what a log must not; of all others the stack is needed.
    const details = errorCodeOf(error) === undefined ? { scope, err: error } : { scope, code: errorCodeOf(error) };
    run.logger.warn(details, `${scope} is ${failure.outcome}: ${failure.reason}`);
  }

  const end = await writer.end();
  count();
  run.signal.throwIfAborted();
  const outcome = failure?.outcome ?? 'complete';
  const reason = failure?.reason ?? end.withheld;
  await run.markers.scope({
    scope,
    accountId,
    region,
    sync: sync.id,
    outcome,
    reason: reason ?? null,
    recordTypes: end.recordTypes.map((type) => (failure === undefined ? type : { ...type, complete: false })),
    offsets: end.offsets.toArray(),
    startedAt,
    endedAt: Date.now(),
  });
  return {
    scope,
    sync: sync.id,
    region,
    outcome,
    reason,
    records: new Map(end.recordTypes.map(({ name, records }) => [name, records])),
    offsets: end.offsets,
  };
}
