import pLimit from 'p-limit';
import type { Logger } from 'pino';

import type { LogProducer } from '../platform/kafka/log.ts';
import { noTelemetry, type Telemetry } from '../platform/telemetry/telemetry.ts';
import type { Topics } from '../platform/topics.ts';
import type { Catalogue } from '../schemas/catalogue.ts';
import type { Encoder } from '../schemas/codec.ts';
import type { AccountProblem, DiscoveryOptions } from './accounts/discover-accounts.ts';
import { discoverAccounts } from './accounts/discover-accounts.ts';
import type { ClientFactory } from './aws/aws-clients.ts';
import { createClientFactory } from './aws/aws-clients.ts';
import { readAwsSettings } from './aws/aws-settings.ts';
import type { ServiceLimits } from './aws/rate-limits.ts';
import type { AccountResult } from './collect-account.ts';
import { collectAccount } from './collect-account.ts';
import { createMarkerWriter } from './marker-writer.ts';
import { OffsetVector } from './offset-vector.ts';
import type { HierarchyResult } from './organizations/collect-organizations.ts';
import { collectOrganizations } from './organizations/collect-organizations.ts';
import { selectCandidates } from './organizations/select-candidates.ts';
import type { Progress } from './progress.ts';
import type { RunContext } from './run-context.ts';
import { selectSyncs } from './select-syncs.ts';
import { type Shard, shardOf } from './shards/shard.ts';
import { shareRun } from './shards/share-run.ts';
import { settleAll } from './settle-all.ts';
import type { RunSummary } from './summarize.ts';
import { countOutcomes, summarize } from './summarize.ts';
import { syncs as allSyncs } from './syncs.ts';
import type { Sync } from './sync.ts';
import { startTrace } from './trace.ts';

export interface CollectOptions extends Pick<
  DiscoveryOptions,
  'syncAllProfiles' | 'profile' | 'environment' | 'mfaCode'
> {
  /** Its topics exist already. The caller closes it. */
  producer: LogProducer;
  encoder: Encoder;
  catalogue: Pick<Catalogue, 'get'>;
  topics: Topics;
  logger: Logger;
  /** The run's update tag: seconds, whole. */
  updateTag: number;
  /** Default: the regions that are enabled for each account. */
  regions?: readonly string[];
  /** Only these accounts are asked about an organization. Default: as many as `syncAllProfiles` covers. */
  organizationAccountIds?: readonly string[];
  /** Identifiers, in any order. Default: all. */
  requestedSyncs?: readonly string[];
  /** The syncs to choose from. Default: those of producers/syncs.ts. */
  syncs?: readonly Sync[];
  /** Accounts collected at once. Default 4. */
  accountsAtOnce?: number;
  /** Scopes collected at once, over all accounts. Default 16. */
  scopesAtOnce?: number;
  /** Enumerates organizations while accounts are collected. Default: before. The graph is the same. */
  overlapHierarchy?: boolean;
  /** Collects only this part of the accounts; the run ends with the last shard. Default: all. */
  shard?: Shard;
  /** By the SDK's service id. Default: those of producers/aws/rate-limits.ts. */
  rateLimits?: Readonly<Record<string, ServiceLimits>>;
  onProgress?: (progress: Progress) => void;
  /** Default: none. */
  telemetry?: Telemetry;
  /** Ends the run early: what has not ended gets no marker, and `collect` still resolves. */
  signal?: AbortSignal;
}

/**
 * One run: reads AWS, writes the log, and says in markers what was read.
 * @throws UsageError for requested syncs that do not exist and for settings in the environment.
 * @throws CredentialsError when there is no account to collect.
 * @throws InfrastructureError when Kafka or the registry is gone for good.
 */
export async function collect(options: CollectOptions): Promise<RunSummary> {
  const { tracing } = options.telemetry ?? noTelemetry;
  const attributes = { 'cartography.update_tag': options.updateTag };
  return tracing.span({ name: 'collect run', attributes }, () => collectAll(options));
}

async function collectAll(options: CollectOptions): Promise<RunSummary> {
  const startedAtMs = performance.now();
  const environment = options.environment ?? process.env;
  const syncs = selectSyncs(options.syncs ?? allSyncs, options.requestedSyncs);
  const settings = readAwsSettings(environment);

  const fatal = new AbortController();
  const signal = AbortSignal.any([fatal.signal, ...(options.signal === undefined ? [] : [options.signal])]);
  const clients = createClientFactory({
    settings,
    environment,
    signal,
    ...(options.telemetry === undefined ? {} : { telemetry: options.telemetry }),
    ...(options.rateLimits === undefined ? {} : { limits: options.rateLimits }),
  });
  const offsets = new OffsetVector();
  const accounts: AccountResult[] = [];
  let hierarchies: readonly HierarchyResult[] = [];
  let problems: readonly AccountProblem[] = [];
  const { shard } = options;
  let waitingForShards: number[] | undefined;
  let isAborted = false;

  try {
    const discovered = await discoverAccounts({ ...options, clients, environment });
    problems = discovered.problems;
    signal.throwIfAborted();
    const run = openRun(options, { clients, signal });
    const ours = discovered.accounts.filter(({ id }) => shard === undefined || shardOf(id, shard.of) === shard.number);
    run.report({
      kind: 'run-started',
      accounts: ours.map(({ id, name }) => ({ id, name })),
      problems: [...problems],
    });
    const requestedSyncs = syncs.map(({ id }) => id);
    const sharing = shard === undefined ? undefined : shareRun(shard, { requestedSyncs, accounts: ours }, run);
    await sharing?.start();
    const runMarker = { accounts: discovered.accounts.map(({ id }) => id), requestedSyncs };
    await run.markers.run({ ...runMarker, state: 'started', outcomes: {}, offsets: [], at: Date.now() });

    // An organization is enumerated once, whoever collects its accounts.
    const candidates =
      shard === undefined || shard.number === 1
        ? selectCandidates(
            discovered.accounts,
            {
              syncAllProfiles: options.syncAllProfiles ?? false,
              organizationAccountIds: options.organizationAccountIds,
            },
            run.logger,
          )
        : [];
    // One that fails for good takes the others along.
    const guarded = <T>(work: Promise<T>): Promise<T> =>
      work.catch((error: unknown) => {
        if (!signal.aborted) fatal.abort(error);
        throw error;
      });
    const limitAccounts = pLimit(options.accountsAtOnce ?? 4);
    const plan = { syncs, regions: options.regions === undefined ? undefined : [...new Set(options.regions)] };
    const enumerating = guarded(collectOrganizations(candidates, run)).then((results) => {
      hierarchies = results;
    });
    if (options.overlapHierarchy !== true) await enumerating;
    await settleAll([
      enumerating,
      ...ours.map((account) =>
        guarded(limitAccounts(() => collectAccount(account, plan, run))).then((result) => {
          accounts.push(result);
        }),
      ),
    ]);

    for (const part of [...accounts, ...hierarchies]) offsets.merge(part.offsets);
    const ended = { outcomes: countOutcomes(accounts), offsets: offsets.toArray() };
    if (sharing === undefined) await run.markers.run({ ...runMarker, ...ended, state: 'ended', at: Date.now() });
    else waitingForShards = await sharing.end(ended);
  } catch (error) {
    if (fatal.signal.aborted) throw fatal.signal.reason;
    if (!signal.aborted) throw error;
    isAborted = true;
  } finally {
    clients.close();
  }
  return summarize({
    updateTag: options.updateTag,
    accounts,
    hierarchies,
    problems,
    aborted: isAborted,
    ...(waitingForShards === undefined ? {} : { waitingForShards }),
    seconds: (performance.now() - startedAtMs) / 1000,
  });
}

function openRun(
  options: CollectOptions,
  { clients, signal }: { clients: ClientFactory; signal: AbortSignal },
): RunContext {
  const { producer, encoder, catalogue, topics, updateTag, onProgress, telemetry = noTelemetry } = options;
  const trace = startTrace(telemetry.tracing);
  return {
    updateTag,
    producer,
    encoder,
    catalogue,
    topics,
    clients,
    trace,
    telemetry,
    signal,
    logger: options.logger,
    markers: createMarkerWriter({ producer, encoder, topics, updateTag, trace }),
    report: (progress) => onProgress?.(progress),
    limitScopes: pLimit(options.scopesAtOnce ?? 16),
  };
}
