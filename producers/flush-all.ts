import { InfrastructureError } from '../platform/errors.ts';
import type { LogProducer } from '../platform/kafka/log.ts';

/** Waits until what was written is acknowledged, and trusts nobody's word for it: a marker must not promise too much. */
export async function flushAll(producer: LogProducer, isAcknowledged: () => boolean, what: string): Promise<void> {
  await producer.flush();
  if (!isAcknowledged()) throw new InfrastructureError('CS_KAFKA', `Kafka did not acknowledge all of ${what}.`);
}
