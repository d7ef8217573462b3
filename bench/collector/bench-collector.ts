import { EC2Client, paginateDescribeInstances } from '@aws-sdk/client-ec2';
import type { BenchAws } from '../aws/start-aws.ts';
import { fillLog } from '../fill-log.ts';
import { median } from '../measure.ts';
import type { Result } from '../result.ts';
import type { Servers } from '../servers.ts';

const firstTag = 1_767_225_600;

/** Pages through the same instances with the SDK alone; resolves with how many it saw. */
async function readBare(aws: BenchAws, region: string): Promise<number> {
  const client = new EC2Client({
    region,
    endpoint: aws.endpoint,
    credentials: { accessKeyId: `AKIA${aws.accounts[0]}`, secretAccessKey: 'bench' },
  });
  let instances = 0;
  for await (const page of paginateDescribeInstances({ client, pageSize: 1000 }, {})) {
    for (const reservation of page.Reservations ?? []) instances += reservation.Instances?.length ?? 0;
  }
  client.destroy();
  return instances;
}

/** `ec2:instance` into Kafka against the SDK's paginator alone, in alternating rounds; the first round warms both up. */
export async function benchCollector(
  servers: Servers,
  aws: BenchAws,
  options: { rounds: number; region: string },
  say: (line: string) => void,
): Promise<Result[]> {
  const times: Record<'ours' | 'bare', number[]> = { ours: [], bare: [] };
  let instances = 0;
  let records = 0;
  for (let round = 0; round <= options.rounds; round++) {
    for (const side of round % 2 === 0 ? (['ours', 'bare'] as const) : (['bare', 'ours'] as const)) {
      const started = performance.now();
      if (side === 'bare') instances = await readBare(aws, options.region);
      else records = total(await fillLog(servers, aws, { prefix: 'bench.collector', updateTag: firstTag + round }));
      const seconds = (performance.now() - started) / 1000;
      if (round > 0) times[side].push(seconds);
      say(`collector round ${round}: ${side}: ${seconds.toFixed(2)} s`);
    }
  }
  const ours = instances / median(times.ours);
  const bare = instances / median(times.bare);
  const note = `${instances} instances, ${records} records: ${Math.round(records / median(times.ours))} records/s`;
  return [{ name: 'collector, ec2:instance', unit: 'instances/s', ours, bare, ratio: ours / bare, note }];
}

function total({ recordsByType }: { recordsByType: Readonly<Record<string, number>> }): number {
  return Object.values(recordsByType).reduce((sum, count) => sum + count, 0);
}
