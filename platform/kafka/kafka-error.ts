import { CartographyError, InfrastructureError, messageOf } from '../errors.ts';
import { formatAddress, type KafkaSettings } from './kafka-config.ts';

/** A condition of the cluster that passes by itself: no leader yet, no broker within reach. Stays inside this folder. */
export class KafkaUnavailable extends Error {
  override readonly name = 'KafkaUnavailable';
}

/** A topic that is not there: not yet, or never. */
export class TopicMissing extends KafkaUnavailable {}

/** The group gives out its partitions anew, or the consumer is closing: what the handler holds may belong to another member. */
export class RebalanceError extends Error {
  override readonly name = 'RebalanceError';
}

const CONNECTION_ERRORS = new Set([
  'KafkaJSConnectionError',
  'KafkaJSConnectionClosedError',
  'KafkaJSRequestTimeoutError',
  'KafkaJSLockTimeout',
]);
const STALE_METADATA = new Set([
  'UNKNOWN_TOPIC_OR_PARTITION',
  'LEADER_NOT_AVAILABLE',
  'NOT_LEADER_FOR_PARTITION',
  'REPLICA_NOT_AVAILABLE',
  'FENCED_LEADER_EPOCH',
  'UNKNOWN_LEADER_EPOCH',
  'KAFKA_STORAGE_ERROR',
  'NOT_CONTROLLER',
  'BROKER_NOT_AVAILABLE',
]);
/** Answers that stay the same until somebody changes a setting (https://kafka.apache.org/protocol#protocol_error_codes). */
const FATAL_TYPES = new Set([
  'MESSAGE_TOO_LARGE',
  'RECORD_LIST_TOO_LARGE',
  'INVALID_RECORD',
  'INVALID_TIMESTAMP',
  'INVALID_REQUIRED_ACKS',
  'INVALID_TOPIC_EXCEPTION',
  'TOPIC_AUTHORIZATION_FAILED',
  'GROUP_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
  'UNSUPPORTED_SASL_MECHANISM',
  'SASL_AUTHENTICATION_FAILED',
  'SECURITY_DISABLED',
  'UNSUPPORTED_VERSION',
  'UNSUPPORTED_FOR_MESSAGE_FORMAT',
  'UNSUPPORTED_COMPRESSION_TYPE',
  'POLICY_VIOLATION',
  'INVALID_GROUP_ID',
  'INVALID_SESSION_TIMEOUT',
  'INCONSISTENT_GROUP_PROTOCOL',
  'GROUP_MAX_SIZE_REACHED',
  'INVALID_PARTITIONS',
  'INVALID_REPLICATION_FACTOR',
  'INVALID_REPLICA_ASSIGNMENT',
  'INVALID_CONFIG',
  'INVALID_REQUEST',
]);
const FATAL_NAMES = new Set([
  'KafkaJSSASLAuthenticationError',
  'KafkaJSServerDoesNotSupportApiKey',
  'KafkaJSNotImplemented',
  'KafkaJSInvariantViolation',
]);
/** How Node reports that a certificate is not accepted (https://nodejs.org/api/tls.html#x509-certificate-error-codes). */
const CERTIFICATE_ERROR =
  /^(CERT_|CRL_|ERR_TLS_|ERR_SSL_|ERR_OSSL_|SELF_SIGNED_|DEPTH_ZERO_|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_CA)|certificate|wrong version number/i;

interface ErrorShape {
  name?: unknown;
  type?: unknown;
  code?: unknown;
}

/** Kafka's name of the error, e.g. `NOT_LEADER_FOR_PARTITION`. */
export function protocolType(error: unknown): string | undefined {
  const { type } = (error ?? {}) as ErrorShape;
  return typeof type === 'string' ? type : undefined;
}

/** After which a connection must not be used again. */
export function isConnectionError(error: unknown): boolean {
  const { name, code } = (error ?? {}) as ErrorShape;
  return (
    (typeof name === 'string' && CONNECTION_ERRORS.has(name)) ||
    (typeof code === 'string' && /^(E[A-Z]+|ERR_STREAM_\w+)$/.test(code))
  );
}

export function isStaleMetadata(error: unknown): boolean {
  return STALE_METADATA.has(protocolType(error) ?? '');
}

/** Whether the same call may succeed later without anybody's doing. */
export function isTransientKafkaError(error: unknown): boolean {
  if (error instanceof KafkaUnavailable) return true;
  if (error instanceof CartographyError) return error.retryable;
  const { name, code } = (error ?? {}) as ErrorShape;
  if (typeof name !== 'string' || FATAL_NAMES.has(name)) return false;
  if (FATAL_TYPES.has(protocolType(error) ?? '')) return false;
  if (isConnectionError(error))
    return !CERTIFICATE_ERROR.test(typeof code === 'string' ? code : '') && !CERTIFICATE_ERROR.test(messageOf(error));
  return name.startsWith('KafkaJS');
}

/** What users see of an error of Kafka or of the client. */
export function toInfrastructureError(
  error: unknown,
  doing: string,
  settings: Pick<KafkaSettings, 'bootstrapServers' | 'sasl'>,
): CartographyError {
  if (error instanceof CartographyError) return error;
  const servers = settings.bootstrapServers.map(formatAddress).join(', ');
  const type = protocolType(error);
  const name = error instanceof Error ? error.name : '';
  const message = messageOf(error);
  const details = { bootstrapServers: servers, ...(type === undefined ? {} : { type }) };
  if (
    name === 'KafkaJSSASLAuthenticationError' ||
    type === 'SASL_AUTHENTICATION_FAILED' ||
    type === 'UNSUPPORTED_SASL_MECHANISM'
  ) {
    const mechanism = settings.sasl?.mechanism ?? 'none';
    return new InfrastructureError(
      'CS_KAFKA',
      `Kafka at ${servers} refuses the login (mechanism ${mechanism}): ${message}. Check the mechanism, the user name and the password.`,
      { cause: error, details, setting: 'sasl' },
    );
  }
  if (type?.endsWith('_AUTHORIZATION_FAILED') === true) {
    return new InfrastructureError(
      'CS_KAFKA',
      `Kafka at ${servers} does not allow it to ${doing}: ${message}. Give the user the right to.`,
      { cause: error, details },
    );
  }
  return new InfrastructureError('CS_KAFKA', `Cannot ${doing} on Kafka at ${servers}: ${message}`, {
    cause: error,
    details,
    retryable: isTransientKafkaError(error),
  });
}
