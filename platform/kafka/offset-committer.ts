import type { Logger } from 'pino';
import { messageOf } from '../errors.ts';
import type { GroupMember, TopicPartition } from './group-member.ts';

/** Commits offsets in one generation of the group: one request at a time, which takes along all that came in meanwhile. */
export class OffsetCommitter {
  readonly #member: GroupMember;
  readonly #logger: Logger;
  readonly #pending = new Map<string, TopicPartition & { offset: bigint }>();
  #sending: Promise<void> | undefined;
  #isEnded = false;

  constructor(member: GroupMember, logger: Logger) {
    this.#member = member;
    this.#logger = logger;
  }

  /** Never rejects: what cannot be committed now goes along with the next commit, or with none. */
  commit(position: TopicPartition & { offset: bigint }): Promise<void> {
    if (!this.#isEnded) this.#pending.set(`${position.topic}/${position.partition}`, position);
    return this.flush();
  }

  flush(): Promise<void> {
    return (this.#sending ??= this.#send().finally(() => (this.#sending = undefined)));
  }

  /** The generation is over: its members' offsets are no longer theirs to commit. */
  end(): void {
    this.#isEnded = true;
    this.#pending.clear();
  }

  async #send(): Promise<void> {
    while (this.#pending.size > 0) {
      const offsets = [...this.#pending.values()];
      this.#pending.clear();
      try {
        await this.#member.commit(offsets);
      } catch (error) {
        this.#logger.debug({ reason: messageOf(error) }, 'offsets are not committed');
        if (this.#isEnded) return;
        for (const one of offsets) {
          const name = `${one.topic}/${one.partition}`;
          if (!this.#pending.has(name)) this.#pending.set(name, one);
        }
        return;
      }
    }
  }
}
