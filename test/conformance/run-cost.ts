import os from 'node:os';
import { cpuSecondsOf } from '../../bench/measure.ts';
import type { AwsStandIn } from '../../stack/aws/stand-in.ts';

/** What one run cost beside its time. */
export interface RunCost {
  /** Of AWS's API. */
  calls: number;
  /** Seconds of CPU, by who spent them. */
  standIn: number;
  neo4j: number;
  /** The run itself, and for ours Kafka and the registry: all else on this machine, which is to be idle. */
  others: number;
}

/** Runs something against the stand-in and one Neo4j, and says what it cost. Linux only: elsewhere only the calls are numbers. */
export async function measureRun<T>(
  aws: AwsStandIn,
  neo4jPid: number | undefined,
  run: () => Promise<T>,
): Promise<{ result: T; cost: RunCost }> {
  const read = (): number[] => [cpuSecondsOf(aws.server.pid) ?? NaN, cpuSecondsOf(neo4jPid) ?? NaN, busySeconds()];
  await aws.forgetCalls();
  const before = read();
  const result = await run();
  const [standIn, neo4j, all] = read().map((seconds, index) => seconds - before[index]!) as [number, number, number];
  const calls = (await aws.calls()).reduce((sum, { count }) => sum + count, 0);
  return { result, cost: { calls, standIn, neo4j, others: all - standIn - neo4j } };
}

/** Of all cores since the machine started. */
function busySeconds(): number {
  return os.cpus().reduce((sum, { times: { user, nice, sys, irq } }) => sum + user + nice + sys + irq, 0) / 1_000;
}
