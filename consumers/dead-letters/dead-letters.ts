import type { ConsumedMessage, LogProducer } from '../../platform/kafka/log.ts';
import { messageOf } from '../../platform/errors.ts';

/** Unpacked: whatever the log has taken, packed, must go into the dead-letter topic. */
export const mostLetterBytes = 256 * 1024 * 1024;

/** What a dead letter's headers have beside those of the message. */
export const Header = {
  stage: 'dlq_stage',
  topic: 'dlq_topic',
  partition: 'dlq_partition',
  offset: 'dlq_offset',
  reason: 'dlq_reason',
  at: 'dlq_at',
  /** On the note that says what became of a letter: its offset in this topic. */
  settles: 'dlq_settles',
  /** On the note: `redriven` or `dropped`. */
  as: 'dlq_as',
} as const;

/** Where a message stood and why it could not be applied. */
export interface DeadLetter {
  stage: string;
  topic: string;
  partition: number;
  message: ConsumedMessage;
  error: unknown;
}

/**
 * Writes messages that cannot be applied to `<topic>.dlq`: key, value and headers as they were, and headers that say
 * where the message stood and why it is there. Resolves when that is acknowledged.
 */
export class DeadLetters {
  readonly #producer: LogProducer;
  readonly #topicOf: (topic: string) => string;

  constructor(producer: LogProducer, topicOf: (topic: string) => string) {
    this.#producer = producer;
    this.#topicOf = topicOf;
  }

  async add(letters: readonly DeadLetter[]): Promise<void> {
    for (const { stage, topic, partition, message, error } of letters) {
      await this.#producer.write({
        topic: this.#topicOf(topic),
        key: message.key?.toString('utf8') ?? '',
        value: message.value,
        headers: {
          ...message.headers,
          [Header.stage]: stage,
          [Header.topic]: topic,
          [Header.partition]: String(partition),
          [Header.offset]: String(message.offset),
          [Header.reason]: messageOf(error).slice(0, 2_000),
          [Header.at]: new Date().toISOString(),
        },
      });
    }
    if (letters.length > 0) await this.#producer.flush();
  }
}
