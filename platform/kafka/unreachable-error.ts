import { InfrastructureError, messageOf } from '../errors.ts';
import { formatAddress, type KafkaSettings } from './kafka-config.ts';
import { isTransientKafkaError, toInfrastructureError } from './kafka-error.ts';

const SETTING = '--kafka-bootstrap-servers';

/** What is thrown when a first connection does not come about. */
export function unreachable(error: unknown, settings: KafkaSettings): Error {
  if (error instanceof InfrastructureError || !isTransientKafkaError(error))
    return toInfrastructureError(error, 'open a connection', settings);
  return new InfrastructureError(
    'CS_KAFKA',
    `Cannot reach Kafka at ${serversOf(settings)} (${SETTING}): ${messageOf(error)}${hintOf(error)}`,
    {
      cause: error,
      setting: SETTING,
      details: { bootstrapServers: serversOf(settings) },
      retryable: true,
    },
  );
}

/** What is thrown when the bootstrap server answers and the address that it gives for a broker does not. */
export function advertisedUnreachable(error: unknown, address: string, settings: KafkaSettings): InfrastructureError {
  return new InfrastructureError(
    'CS_KAFKA',
    `Kafka at ${serversOf(settings)} answers, but the address ${address} that it advertises does not: ${messageOf(error)}. Check the brokers' advertised.listeners.`,
    { cause: error, setting: SETTING, details: { bootstrapServers: serversOf(settings), address }, retryable: true },
  );
}

function serversOf({ bootstrapServers }: KafkaSettings): string {
  return bootstrapServers.map(formatAddress).join(', ');
}

/** A server that wants encryption or a login hangs up on whoever comes without, and the other way round. */
function hintOf(error: unknown): string {
  return /closed connection|disconnected before secure/i.test(messageOf(error))
    ? '. It hangs up: check --kafka-security-protocol, whether this port wants TLS and whether it wants a login.'
    : '';
}
