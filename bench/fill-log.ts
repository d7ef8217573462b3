import type { BenchAws } from './aws/start-aws.ts';
import { type Servers, silent } from './servers.ts';
import { topicSpecs, topicsOf } from '../platform/topics.ts';
import { collect } from '../producers/run.ts';
import type { RunSummary } from '../producers/summarize.ts';
import { loadCatalogue } from '../schemas/catalogue.ts';
import { createEncoder } from '../schemas/codec.ts';

/** Collects the stand-in's instances into topics of this prefix, which are created. */
export async function fillLog(
  servers: Pick<Servers, 'log' | 'registry'>,
  aws: BenchAws,
  run: { prefix: string; updateTag: number },
): Promise<RunSummary> {
  Object.assign(process.env, aws.environment);
  const admin = await servers.log.admin();
  await admin.ensureTopics(topicSpecs({ prefix: run.prefix }));
  await admin.close();
  const producer = await servers.log.producer();
  const catalogue = loadCatalogue();
  try {
    return await collect({
      producer,
      encoder: createEncoder(servers.registry, catalogue),
      catalogue,
      topics: topicsOf(run.prefix),
      logger: silent,
      updateTag: run.updateTag,
      syncAllProfiles: true,
      organizationAccountIds: [],
      requestedSyncs: ['ec2:instance'],
    });
  } finally {
    await producer.close();
  }
}
