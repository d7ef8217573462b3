import type {
  ConsumedMessage,
  LogAdmin,
  LogBatch,
  LogConsumer,
  LogMessage,
  LogProducer,
} from '../../../platform/kafka/log.ts';
import { MemoryLog } from '../../support/memory-log.ts';
import type { Process, Scheduler } from './scheduler.ts';

/** One member's hold on one partition. */
interface Assignment {
  member: Member;
  topic: string;
  partition: number;
  position: bigint;
  /** False once the member knows that it has lost the partition. */
  isActive: boolean;
}

interface Member {
  process: Process;
  topics: readonly string[];
  handle: (batch: LogBatch) => Promise<void>;
}

interface Group {
  members: Set<Member>;
  /** By `<topic>/<partition>`; a zombie's is not here any more. */
  assignments: Map<string, Assignment>;
  committed: Map<string, bigint>;
}

/** How fast a consumer gets turns for a partition: 1, or less for a slow one. */
export type Speed = (groupId: string, topic: string, partition: number) => number;

/**
 * A log in memory whose consumer groups rebalance at the scheduler's whim: members take over from offsets that are behind,
 * or ahead, of what was applied, while the old owner may go on for a while without knowing.
 */
export class SimulatedLog {
  readonly #log = new MemoryLog();
  readonly #groups = new Map<string, Group>();
  readonly #scheduler: Scheduler;
  readonly #speed: Speed;

  constructor(scheduler: Scheduler, speed: Speed) {
    this.#scheduler = scheduler;
    this.#speed = speed;
  }

  admin(): Promise<LogAdmin> {
    return this.#log.admin();
  }

  append(message: LogMessage): { partition: number; offset: bigint } {
    const partition = this.#log.partitionOf(message.topic, message.key);
    return { partition, offset: this.#log.append(message, partition) };
  }

  messages(topic: string): ConsumedMessage[][] {
    return this.#log.partitionsOf(topic);
  }

  producer(process: Process): Pick<LogProducer, 'write' | 'flush'> {
    return {
      write: async (message) => {
        await process.turn();
        this.append(message);
      },
      flush: () => process.turn(),
    };
  }

  consumer(process: Process, groupId: string, topics: readonly string[]): LogConsumer {
    return {
      failed: new Promise(() => undefined),
      start: async (handle) => {
        this.#groupOf(groupId).members.add({ process, topics, handle });
        this.rebalance(groupId);
      },
      close: async () => undefined,
    };
  }

  get groupIds(): string[] {
    return [...this.#groups.keys()];
  }

  /** Gives partitions without a living owner to somebody, and moves some of the others. */
  rebalance(groupId: string): void {
    const group = this.#groupOf(groupId);
    for (const member of group.members) if (!member.process.isAlive) group.members.delete(member);
    const members = [...group.members];
    if (members.length === 0) return;
    for (const topic of members[0]!.topics) {
      for (const partition of this.messages(topic).keys()) {
        const place = `${topic}/${partition}`;
        const old = group.assignments.get(place);
        const isOwned = old?.member.process.isAlive === true;
        if (isOwned && this.#scheduler.chance(0.6)) continue;
        if (old !== undefined && isOwned) this.#revoke(old);
        const position = this.#startAt(
          group.committed.get(place) ?? 0n,
          BigInt(this.messages(topic)[partition]!.length),
        );
        const assignment = { member: this.#scheduler.pick(members), topic, partition, position, isActive: true };
        group.assignments.set(place, assignment);
        void this.#follow(groupId, group, assignment);
      }
    }
  }

  /** Half of the members that lose a partition learn of it only after a while. */
  #revoke(assignment: Assignment): void {
    const { process } = assignment.member;
    if (this.#scheduler.chance(0.5)) assignment.isActive = false;
    else void process.sleep().then(() => (assignment.isActive = false));
  }

  #startAt(committed: bigint, end: bigint): bigint {
    if (this.#scheduler.chance(0.3)) return BigInt(Math.floor(this.#scheduler.random() * (Number(committed) + 1)));
    if (this.#scheduler.chance(0.1)) return BigInt(Math.floor(this.#scheduler.random() * (Number(end) + 1)));
    return committed;
  }

  async #follow(groupId: string, group: Group, assignment: Assignment): Promise<void> {
    const { member, topic, partition } = assignment;
    const { process, handle } = member;
    const weight = this.#speed(groupId, topic, partition);
    for (let first = true; ; first = false) {
      await process.turn(weight);
      if (!assignment.isActive) return;
      const all = this.messages(topic)[partition]!;
      const from = Number(assignment.position);
      const messages = first ? [] : all.slice(from, from + 1 + Math.floor(this.#scheduler.random() * 20));
      if (!first && messages.length === 0) {
        await process.sleep();
        continue;
      }
      let next = BigInt(from + messages.length);
      try {
        await handle({
          topic,
          partition,
          fetchedOffset: assignment.position,
          nextOffset: next,
          highWatermark: BigInt(all.length),
          messages,
          heartbeat: async () => {
            if (!assignment.isActive) throw new Error('the group rebalances');
          },
          seek: (offset) => (next = offset),
          commit: async (offset) => void group.committed.set(`${topic}/${partition}`, offset),
          isActive: () => assignment.isActive,
        });
        assignment.position = next;
      } catch {
        // Redelivered after a while, as the consumer's port says.
        await process.sleep();
      }
    }
  }

  #groupOf(groupId: string): Group {
    let group = this.#groups.get(groupId);
    if (group === undefined)
      this.#groups.set(groupId, (group = { members: new Set(), assignments: new Map(), committed: new Map() }));
    return group;
  }
}
