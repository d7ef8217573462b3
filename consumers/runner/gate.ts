import type { Logger } from 'pino';
import type { Fence, Graph, StoredMarker } from '../graph/graph.ts';
import type { Item } from '../stages/stage.ts';

export interface GateOptions {
  graph: Graph;
  /** `account`: a record waits for its account's (or organization's) marker; `run`: for the whole run. */
  wait: 'account' | 'run';
  /** After this time a record goes on without its marker: a collector that crashed and never came back holds nothing up. */
  timeoutMs: number;
  /** First offset that is still in the log, by topic and partition: what lies before was never or is no longer to be applied. */
  low(topic: string, partition: number): bigint;
  /** Where the log ended when a rebuild began. Once the nodes stage is there, no marker is waited for: none is to come. Default: the log goes on. */
  logEnd?: readonly PartitionEnd[] | undefined;
  logger: Logger;
  /** The shortest time between two looks into the graph. Default 150 ms. */
  refreshMs?: number;
  now?: () => number;
  /** Told of each account or organization whose marker did not come in time. */
  onTimeout?: () => void;
}

/**
 * Opens for a record once the nodes stage has applied everything that its account wrote up to the earliest marker with a
 * tag at or above the record's. In any case the record's own node must have been applied, which no timeout replaces.
 */
export class Gate {
  readonly #options: GateOptions;
  readonly #now: () => number;
  /** What was found open stays open. */
  readonly #opened = new Set<string>();
  readonly #waiting = new Map<string, Wait>();
  readonly #waitingSince = new Map<string, number>();
  /** The nodes stage's fences as of the last look; they only move on. */
  #fences: ReadonlyMap<string, Fence> = new Map();
  #refreshing: Promise<void> | undefined;
  #refreshedAt = -Infinity;

  constructor(options: GateOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  /** How many of the first items are open. */
  async open(topic: string, partition: number, items: readonly Item[]): Promise<number> {
    const waits = items.map(waitOf);
    for (const wait of waits) if (!this.#opened.has(wait.key)) this.#waiting.set(wait.key, wait);
    const applied = (): bigint => this.#fences.get(placeOf({ topic, partition }))?.offset ?? 0n;
    const findClosed = (): number =>
      items.findIndex(({ offset }, index) => offset >= applied() || !this.#opened.has(waits[index]!.key));
    if (findClosed() === 0) await this.#refresh();
    const closed = findClosed();
    return closed === -1 ? items.length : closed;
  }

  /** One look for all partitions that wait, and at most one in each interval: the graph has better things to do. */
  async #refresh(): Promise<void> {
    if (this.#now() - this.#refreshedAt < (this.#options.refreshMs ?? 150)) return;
    this.#refreshing ??= this.#options.graph
      .transact(async (tx) => {
        this.#fences = new Map((await tx.fences(['nodes'])).map((fence) => [placeOf(fence), fence]));
        if (this.#waiting.size > 0) await this.#decide([...this.#waiting.values()], this.#fences, tx);
      })
      .finally(() => {
        this.#refreshedAt = this.#now();
        this.#refreshing = undefined;
      });
    await this.#refreshing;
  }

  async #decide(
    waits: readonly Wait[],
    fences: ReadonlyMap<string, Fence>,
    tx: Parameters<Parameters<Graph['transact']>[0]>[0],
  ): Promise<void> {
    const own = this.#options.wait === 'account' ? await this.#earliest(tx, waits) : waits.map(() => undefined);
    const runs = await tx.earliestMarkers(
      'run',
      waits.map(({ tag }) => ({ subject: 'run', tag })),
    );
    const { logEnd } = this.#options;
    const isAtEnd = logEnd !== undefined && this.#arePassed(logEnd, fences);
    for (const [index, wait] of waits.entries()) {
      const markers = [own[index], runs[index]].filter((marker) => marker !== undefined);
      const isOpen = isAtEnd || markers.some((marker) => this.#arePassed(offsetsOf(marker), fences));
      if (!isOpen && !this.#isOverdue(wait)) continue;
      this.#opened.add(wait.key);
      this.#waiting.delete(wait.key);
    }
  }

  async #earliest(
    tx: Parameters<Parameters<Graph['transact']>[0]>[0],
    waits: readonly Wait[],
  ): Promise<(StoredMarker | undefined)[]> {
    const [accounts, hierarchies] = [
      await tx.earliestMarkers('account', waits),
      await tx.earliestMarkers('hierarchy', waits),
    ];
    return waits.map((_, index) => accounts[index] ?? hierarchies[index]);
  }

  #arePassed(ends: readonly PartitionEnd[], fences: ReadonlyMap<string, Fence>): boolean {
    return ends.every((end) => isPassed(end, fences, (topic, partition) => this.#options.low(topic, partition)));
  }

  #isOverdue(wait: Wait): boolean {
    const since = this.#waitingSince.get(wait.key) ?? this.#now();
    this.#waitingSince.set(wait.key, since);
    if (this.#now() - since < this.#options.timeoutMs) return false;
    this.#options.onTimeout?.();
    this.#options.logger.warn(
      { subject: wait.subject, tag: Number(wait.tag) },
      'no marker came for these records within the gate timeout; they are linked without it',
    );
    return true;
  }
}

interface Wait {
  key: string;
  subject: string;
  tag: bigint;
}

function waitOf({ decoded, row }: Item): Wait {
  const { owner, tag } = row!;
  const subject = decoded.schema!.kind === 'hierarchy' ? `organization/${owner}` : owner;
  return { key: `${subject}@${tag}`, subject, tag };
}

export interface PartitionEnd {
  topic: string;
  partition: number;
  offset: number;
}

/** A marker's offset vector. */
export function offsetsOf(marker: StoredMarker): PartitionEnd[] {
  return marker.value['offsets'] as PartitionEnd[];
}

/** One stage's fences by place, as isPassed takes them. */
export function fencesOf(stage: string, fences: readonly Fence[]): Map<string, Fence> {
  return new Map(fences.filter((fence) => fence.stage === stage).map((fence) => [placeOf(fence), fence]));
}

/** Makes the check whether all of these stages have passed a marker's offset vector. */
export function passing(
  stages: readonly string[],
  fences: readonly Fence[],
  low: GateOptions['low'],
): (marker: StoredMarker) => boolean {
  const byStage = stages.map((stage) => fencesOf(stage, fences));
  return (marker) => offsetsOf(marker).every((end) => byStage.every((own) => isPassed(end, own, low)));
}

export function isPassed(
  end: PartitionEnd,
  fences: ReadonlyMap<string, Pick<Fence, 'offset'>>,
  low: GateOptions['low'],
): boolean {
  const applied = fences.get(placeOf(end))?.offset ?? 0n;
  return applied >= BigInt(end.offset) || low(end.topic, end.partition) >= BigInt(end.offset);
}

export function placeOf({ topic, partition }: { topic: string; partition: number }): string {
  return `${topic}/${partition}`;
}
