import { connectLog } from '../../platform/kafka/connect-log.ts';
import { connectRegistry } from '../../schemas/registry.ts';
import type { BenchAws } from '../aws/start-aws.ts';
import { fillLog } from '../fill-log.ts';

/* A collector in a process of its own, as its argument says; sends its peak memory in KiB to its parent. */

const task = JSON.parse(process.argv[2] ?? '') as {
  bootstrapServers: string;
  registryUrl: string;
  aws: BenchAws;
  prefix: string;
};
const log = connectLog({ bootstrapServers: [task.bootstrapServers], clientId: 'bench' });
await fillLog({ log, registry: connectRegistry({ url: task.registryUrl }) }, task.aws, {
  prefix: task.prefix,
  updateTag: 1_767_225_600,
});
process.send?.(process.resourceUsage().maxRSS, () => process.disconnect());
