import type { Log, LogProducer } from '../platform/kafka/log.ts';
import type { Topics } from '../platform/topics.ts';
import type { Telemetry } from '../platform/telemetry/telemetry.ts';
import type { Progress } from '../producers/progress.ts';
import { collect } from '../producers/run.ts';
import type { RunSummary } from '../producers/summarize.ts';
import { loadCatalogue } from '../schemas/catalogue.ts';
import { createDecoder, createEncoder } from '../schemas/codec.ts';
import type { SchemaRegistry } from '../schemas/registry.ts';
import type { CommandContext } from './context.ts';
import { findGaps } from './exit-code.ts';
import type { CollectSettings } from './settings/collect-settings.ts';
import { ask } from './terminal/ask.ts';

export interface CollectRunOptions {
  log: Log;
  producer: LogProducer;
  registry: SchemaRegistry;
  topics: Topics;
  settings: CollectSettings;
  context: CommandContext;
  signal: AbortSignal;
  onProgress: (progress: Progress) => void;
  telemetry: Telemetry;
}

/** One run of the collectors with the settings of the command line. Throws as `collect` does, and the signal's reason once it is aborted. */
export async function collectRun(options: CollectRunOptions): Promise<RunSummary> {
  const { log, producer, registry, topics, settings, context, signal, onProgress, telemetry } = options;
  for (const note of settings.notes) context.logger.warn(note);
  const catalogue = loadCatalogue();
  const run = collect({
    producer,
    encoder: createEncoder(registry, catalogue),
    catalogue,
    topics,
    logger: context.logger,
    environment: context.environment,
    updateTag: settings.updateTag,
    syncAllProfiles: settings.syncAllProfiles,
    overlapHierarchy: settings.overlapHierarchy,
    ...(settings.regions === undefined ? {} : { regions: settings.regions }),
    ...(settings.organizationAccountIds === undefined
      ? {}
      : { organizationAccountIds: settings.organizationAccountIds }),
    ...(settings.requestedSyncs === undefined ? {} : { requestedSyncs: settings.requestedSyncs }),
    ...(settings.accountsAtOnce === undefined ? {} : { accountsAtOnce: settings.accountsAtOnce }),
    ...(settings.scopesAtOnce === undefined ? {} : { scopesAtOnce: settings.scopesAtOnce }),
    ...(settings.shard === undefined ? {} : { shard: { ...settings.shard, log, decoder: createDecoder(registry) } }),
    ...(process.stdin.isTTY ? { mfaCode } : {}),
    onProgress,
    telemetry,
    signal,
  });
  const count = (outcome: 'complete' | 'partial' | 'failed'): void =>
    telemetry.metrics.add('cartography_stream_runs_total', { outcome });
  try {
    const summary = await run;
    if (signal.aborted) {
      const { updateTag } = settings;
      context.say(
        `run ${updateTag} is not complete: --update-tag ${updateTag} goes on with it, or the next run makes it good`,
      );
      throw signal.reason;
    }
    const gaps = findGaps({ run: summary, wantsOrganization: settings.organizationAccountIds !== undefined });
    count(gaps.length === 0 ? 'complete' : 'partial');
    telemetry.metrics.observe('cartography_stream_run_duration_seconds', {}, summary.seconds);
    return summary;
  } catch (error) {
    count('failed');
    throw error;
  }
}

function mfaCode(serial: string): Promise<string> {
  return ask({ text: `MFA code of ${serial}: `, setting: 'mfa_serial', isSecret: false });
}
