import { CartographyError, InfrastructureError, messageOf } from '../errors.ts';
import { tlsFailureOf, type TlsFailure } from '../tls/tls-failure.ts';
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
  'ILLEGAL_SASL_STATE',
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
  const { name } = (error ?? {}) as ErrorShape;
  if (typeof name !== 'string' || FATAL_NAMES.has(name)) return false;
  if (FATAL_TYPES.has(protocolType(error) ?? '')) return false;
  if (isConnectionError(error)) return tlsFailureOf(error) === undefined;
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
    return new InfrastructureError(
      'CS_KAFKA',
      `Kafka at ${servers} refuses the login (${settings.sasl?.mechanism ?? 'none is given'}): ${message}. Check --kafka-sasl-mechanism${credentialsOf(settings)}.`,
      { cause: error, details, setting: '--kafka-sasl-mechanism' },
    );
  }
  if (type === 'ILLEGAL_SASL_STATE') {
    return new InfrastructureError(
      'CS_KAFKA',
      `Kafka at ${servers} expects no login at this port, or another step of it: ${message}. Check --kafka-security-protocol and the port.`,
      { cause: error, details, setting: '--kafka-security-protocol' },
    );
  }
  if (type?.endsWith('_AUTHORIZATION_FAILED') === true) {
    const setting = settings.sasl === undefined ? '--kafka-security-protocol' : '--kafka-sasl-username';
    return new InfrastructureError(
      'CS_KAFKA',
      `Kafka at ${servers} does not allow it to ${doing}: ${message}. Give the user of ${setting} the ACLs that docs/security.md lists.`,
      { cause: error, details, setting },
    );
  }
  const tlsFailure = tlsFailureOf(error);
  if (tlsFailure !== undefined) {
    const { setting, remedy } = TLS_REMEDIES[tlsFailure.kind];
    return new InfrastructureError(
      'CS_KAFKA',
      `Cannot ${doing} on Kafka at ${servers} over TLS: ${tlsFailure.reason}. ${remedy}`,
      { cause: error, details, setting },
    );
  }
  return new InfrastructureError('CS_KAFKA', `Cannot ${doing} on Kafka at ${servers}: ${message}`, {
    cause: error,
    details,
    retryable: isTransientKafkaError(error),
  });
}

const TLS_REMEDIES: Record<TlsFailure['kind'], { setting: string; remedy: string }> = {
  authority: {
    setting: '--kafka-ssl-ca-location',
    remedy: 'Set --kafka-ssl-ca-location to the file with the certificate of its authority.',
  },
  name: {
    setting: '--kafka-ssl-endpoint-identification-algorithm',
    remedy:
      "Let --kafka-bootstrap-servers and the brokers' advertised.listeners have a name of the certificate, or set --kafka-ssl-endpoint-identification-algorithm to none.",
  },
  time: { setting: '--kafka-bootstrap-servers', remedy: "Renew the broker's certificate, or set the clock right." },
  client: {
    setting: '--kafka-ssl-certificate-location',
    remedy:
      'Set --kafka-ssl-certificate-location and --kafka-ssl-key-location to a certificate that the broker accepts.',
  },
  plain: {
    setting: '--kafka-security-protocol',
    remedy: 'This port does not speak TLS: check --kafka-security-protocol and the port.',
  },
  other: {
    setting: '--kafka-security-protocol',
    remedy: "Check --kafka-security-protocol, the port and the brokers' TLS settings.",
  },
};

function credentialsOf({ sasl }: Pick<KafkaSettings, 'sasl'>): string {
  if (sasl === undefined) return '';
  if (sasl.mechanism === 'OAUTHBEARER') return ` and ${sasl.source}`;
  const password = typeof sasl.password === 'string' ? 'the password' : sasl.password.source;
  return `, --kafka-sasl-username and ${password}`;
}
