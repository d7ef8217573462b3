/* Collects one run. Its settings are JSON in the first parameter; AWS is what the environment says. Exit code 0: every scope is complete. */
import { pino } from 'pino';
import { connectLog } from '../../platform/kafka/connect-log.ts';
import { topicsOf } from '../../platform/topics.ts';
import { collect } from '../../producers/run.ts';
import { loadCatalogue } from '../../schemas/catalogue.ts';
import { createEncoder } from '../../schemas/codec.ts';
import { connectRegistry } from '../../schemas/registry.ts';

export interface CollectorSettings {
  kafka: string[];
  registryUrl: string;
  topicPrefix: string;
  tag: number;
  regions: readonly string[];
  requestedSyncs: readonly string[];
}

const settings = JSON.parse(process.argv[2]!) as CollectorSettings;
const log = connectLog({ bootstrapServers: settings.kafka, clientId: 'collector-process', requestTimeoutMs: 5_000 });
const catalogue = loadCatalogue();
const producer = await log.producer();
const summary = await collect({
  producer,
  encoder: createEncoder(connectRegistry({ url: settings.registryUrl }), catalogue),
  catalogue,
  topics: topicsOf(settings.topicPrefix),
  logger: pino({ level: process.env['TEST_LOG'] ?? 'silent' }, pino.destination({ fd: 2, sync: true })),
  updateTag: settings.tag,
  syncAllProfiles: true,
  organizationAccountIds: [],
  regions: [...settings.regions],
  requestedSyncs: [...settings.requestedSyncs],
});
await producer.close();
const { complete, ...others } = summary.scopesByOutcome;
const isWhole = !summary.aborted && complete > 0 && Object.values(others).every((count) => count === 0);
process.exit(isWhole ? 0 : 1);
