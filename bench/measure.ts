import { readFileSync } from 'node:fs';

export interface Timed {
  seconds: number;
  /** Of the database server; undefined where /proc is not there. */
  serverCpuSeconds: number | undefined;
}

/** Linux counts in hundredths of a second: USER_HZ, https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
const TICKS_PER_SECOND = 100;

/** User and system time of another process. */
export function cpuSecondsOf(pid: number | undefined): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
  } catch {
    return undefined;
  }
}

/** Measures work that itself says how long it took, or takes as long as its promise. */
export async function timed(serverPid: number | undefined, work: () => Promise<number | void>): Promise<Timed> {
  const cpu = cpuSecondsOf(serverPid);
  const started = performance.now();
  const own = await work();
  const seconds = own ?? (performance.now() - started) / 1000;
  const after = cpuSecondsOf(serverPid);
  return { seconds, serverCpuSeconds: cpu === undefined || after === undefined ? undefined : after - cpu };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
