import type { Log, LogProducer } from '../../platform/kafka/log.ts';
import { readLog, type ReadMessage, type ScanOptions, scanLog } from '../../platform/kafka/read-log.ts';
import type { Topics } from '../../platform/topics.ts';
import { Header } from './dead-letters.ts';

/** A message that could not be applied and that nobody has dealt with yet. */
export interface Letter {
  /** `<assets, hierarchy or markers>/<offset in the dead-letter topic>`. */
  id: string;
  /** Where it stood in the log. */
  topic: string;
  partition: number;
  offset: number;
  /** The stage that could not apply it. */
  stage: string;
  reason: string;
  /** ISO 8601. */
  at: string;
  /** As the message's headers have it; null for a message without. */
  scope: string | null;
  key: string;
  /** As they were. */
  value: Buffer | null;
  headers: Record<string, string>;
}

export type Settlement = 'redriven' | 'dropped';

const kinds = ['assets', 'hierarchy', 'markers'] as const;

/**
 * The letters of all dead-letter topics that are not settled, the oldest first by topic. What became of a letter is a note
 * behind it in the same topic, so that nothing is deleted before its retention is over.
 */
export async function readLetters(log: Log, topics: Topics, options?: ScanOptions): Promise<Letter[]> {
  const found = await Promise.all(
    kinds.map(async (kind) => {
      const messages = await readLog(log, topics.deadLetters(topics[kind]), options);
      const settled = new Set(messages.map(({ headers }) => headers[Header.settles]));
      return messages
        .filter(({ offset, headers }) => headers[Header.settles] === undefined && !settled.has(String(offset)))
        .map((message) => toLetter(kind, message));
    }),
  );
  return found.flat();
}

/** How many letters are not settled, by dead-letter topic. Keeps only where they stand: one may have hundreds of megabytes. */
export async function countLetters(log: Log, topics: Topics, options?: ScanOptions): Promise<Record<string, number>> {
  const counts = kinds.map(async (kind): Promise<[string, number]> => {
    const topic = topics.deadLetters(topics[kind]);
    const open = new Set<string>();
    // A note stands behind its letter, in the topic's one partition.
    const count = ({ offset, headers }: ReadMessage): void => {
      const settled = headers[Header.settles];
      if (settled === undefined) open.add(String(offset));
      else open.delete(settled);
    };
    await scanLog(log, topic, count, options);
    return [topic, open.size];
  });
  return Object.fromEntries(await Promise.all(counts));
}

/**
 * Writes the letters' messages to the log once more, as they were, or lets go of them; each is noted as settled once its
 * message is acknowledged. A message that several stages or graphs could not apply is written once. What has been
 * overtaken by a newer record changes nothing: the law sees to that.
 */
export async function settleLetters(
  producer: LogProducer,
  topics: Topics,
  letters: readonly Letter[],
  as: Settlement,
): Promise<void> {
  if (as === 'redriven') {
    const messages = new Map(letters.map((letter) => [`${letter.topic}/${letter.partition}/${letter.offset}`, letter]));
    for (const { topic, key, value, headers } of messages.values())
      await producer.write({ topic, key, value, headers: withoutOurs(headers) });
    await producer.flush();
  }
  for (const { id, key } of letters) {
    const [kind, offset] = id.split('/') as [(typeof kinds)[number], string];
    await producer.write({
      topic: topics.deadLetters(topics[kind]),
      key,
      value: null,
      headers: { [Header.settles]: offset, [Header.as]: as, [Header.at]: new Date().toISOString() },
    });
  }
  await producer.flush();
}

function toLetter(kind: string, { offset, key, value, headers }: ReadMessage): Letter {
  return {
    id: `${kind}/${offset}`,
    topic: headers[Header.topic] ?? '',
    partition: Number(headers[Header.partition]),
    offset: Number(headers[Header.offset]),
    stage: headers[Header.stage] ?? '',
    reason: headers[Header.reason] ?? '',
    at: headers[Header.at] ?? '',
    scope: headers['scope'] ?? null,
    key: key?.toString('utf8') ?? '',
    value,
    headers,
  };
}

function withoutOurs(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith('dlq_')));
}
