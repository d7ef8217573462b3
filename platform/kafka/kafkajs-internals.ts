/**
 * What this folder takes from kafkajs 2.2.4: its wire protocol, its connections and its SASL. Its producer, consumer and
 * admin are not used. As its source has it: sendMessages.js leaves out a partition whose leader moves, between two
 * attempts, to a broker that has answered already, and reports success; fetcher.js fetches nothing from a broker until the
 * slowest of its partitions is handled; consumerGroup.js resets an offset that is out of range without telling anyone;
 * connection.js, when it is opened again, reads the first response behind what was left of the last one, one way for a
 * consumer to stop silently (tulios/kafkajs#1163). The version is pinned in package.json and the package has no exports
 * map, so that these paths are as firm as its public names.
 */
import { createRequire } from 'node:module';
import type { Socket } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import type { PasswordMechanism } from './sasl/sasl-config.ts';

const load = createRequire(import.meta.url) as (path: string) => unknown;

export type ApiName =
  | 'Produce'
  | 'Fetch'
  | 'ListOffsets'
  | 'Metadata'
  | 'OffsetCommit'
  | 'OffsetFetch'
  | 'GroupCoordinator'
  | 'JoinGroup'
  | 'Heartbeat'
  | 'LeaveGroup'
  | 'SyncGroup'
  | 'CreateTopics'
  | 'DescribeGroups';

export interface KafkajsEncoder {
  buffer: Buffer;
  writeInt8(value: number): this;
  writeInt32(value: number): this;
  writeBoolean(value: boolean): this;
  writeBuffer(buffer: Buffer): this;
  writeBytes(buffer: Buffer): this;
  writeUVarInt(value: number): this;
  writeUVarIntString(value: string | null): this;
}

export interface KafkajsDecoder {
  offset: number;
  buffer: Buffer;
  readInt8(): number;
  readInt16(): number;
  readInt32(): number;
  readInt64(): bigint;
  readString(): string | null;
  readUVarInt(): number;
  readUVarIntArray<T>(read: (decoder: KafkajsDecoder) => T): T[] | null;
  readUVarIntString(): string | null;
  readBytes(length: number): Buffer;
  readArray<T>(read: (decoder: KafkajsDecoder) => T): T[];
  canReadBytes(length: number): boolean;
  slice(length: number): KafkajsDecoder;
  forward(length: number): void;
}

/** A request with the reader of its response. */
export interface ProtocolRequest {
  request: {
    apiKey: number;
    apiVersion: number;
    apiName: string;
    encode(): Promise<KafkajsEncoder>;
    expectResponse?: () => boolean;
  };
  response: { decode(payload: Buffer): Promise<unknown>; parse(data: unknown): Promise<unknown> };
  requestTimeout?: number;
}

type ProtocolBuilder = (parameters: object) => ProtocolRequest;

interface RequestDefinition {
  versions: string[];
  protocol(choice: { version: number }): ProtocolBuilder;
}

export interface RequestQueue {
  pending: unknown[];
  throttledUntil: number;
  throttleCheckTimeoutId: NodeJS.Timeout | null;
  checkPendingRequests(): void;
  scheduleCheckPendingRequests(): void;
  rejectAll(error: Error): void;
  destroy(): void;
}

/** One step of a login: what the client says, and how the broker's answer is read. */
export type SaslAuthenticate = (step: {
  request: { encode(): Promise<Buffer> };
  response?: { decode(bytes: Buffer): Promise<unknown>; parse(data: unknown): Promise<unknown> };
}) => Promise<unknown>;

export type AuthenticationProvider = (options: {
  host: string;
  port: number;
  logger: KafkajsLogger;
  saslAuthenticate: SaslAuthenticate;
}) => { authenticate(): Promise<void> };

export interface KafkajsSasl {
  mechanism: string;
  authenticationProvider: AuthenticationProvider;
}

export interface KafkajsConnection {
  socket: Socket | undefined;
  connectionStatus: 'connected' | 'disconnecting' | 'disconnected';
  /** By process.hrtime. */
  authenticatedAt: [seconds: number, nanoseconds: number] | null;
  /** Milliseconds, in kafkajs's own form; 0 without a limit. */
  sessionLifetime: { toString(): string };
  requestQueue: RequestQueue;
}

export interface KafkajsConnectionPool {
  pool: KafkajsConnection[];
  isConnected(): boolean;
  send(request: ProtocolRequest): Promise<unknown>;
}

export interface KafkajsBroker {
  versions: Record<number, { minVersion: number; maxVersion: number }> | null;
  connectionPool: KafkajsConnectionPool;
  connect(): Promise<void>;
  lookupRequest(apiKey: number, definition: RequestDefinition): ProtocolBuilder;
}

export type KafkajsLogger = { namespace(name: string): KafkajsLogger };

export type SocketFactory = (options: {
  host: string;
  port: number;
  ssl: ConnectionOptions | null;
  onConnect: () => void;
}) => Socket;

export interface ConnectionPoolOptions {
  host: string;
  port: number;
  clientId: string;
  ssl: ConnectionOptions | null;
  sasl: KafkajsSasl | undefined;
  socketFactory: SocketFactory;
  connectionTimeout: number;
  requestTimeout: number;
  enforceRequestTimeout: boolean;
  maxInFlightRequests: null;
  /** How long before a session's end kafkajs logs in anew on the same connection. */
  reauthenticationThreshold: number;
  logger: KafkajsLogger;
}

export interface GroupAssignment {
  version: number;
  assignment: Record<string, number[]>;
}

export const requestDefinitions = (
  load('kafkajs/src/protocol/requests') as { requests: Record<ApiName, RequestDefinition> }
).requests;
export const apiKeys = load('kafkajs/src/protocol/requests/apiKeys') as Record<ApiName, number>;
export const Encoder = load('kafkajs/src/protocol/encoder') as new () => KafkajsEncoder;
export const Decoder = load('kafkajs/src/protocol/decoder') as new (buffer: Buffer) => KafkajsDecoder;
export const crc32c = load('kafkajs/src/protocol/recordBatch/crc32C') as (bytes: Buffer) => number;
export const createErrorFromCode = (
  load('kafkajs/src/protocol/error') as { createErrorFromCode: (code: number) => Error & { type: string } }
).createErrorFromCode;
export const groupProtocol = load('kafkajs/src/consumer/assignerProtocol') as {
  MemberMetadata: {
    encode(metadata: { version: number; topics: readonly string[] }): Buffer;
    decode(buffer: Buffer): { topics: string[] };
  };
  MemberAssignment: { encode(assignment: GroupAssignment): Buffer; decode(buffer: Buffer): GroupAssignment | null };
};
export const Broker = load('kafkajs/src/broker') as new (options: {
  connectionPool: KafkajsConnectionPool;
  logger: KafkajsLogger;
  authenticationTimeout: number;
  allowAutoTopicCreation: boolean;
}) => KafkajsBroker;
export const ConnectionPool = load('kafkajs/src/network/connectionPool') as new (
  options: ConnectionPoolOptions,
) => KafkajsConnectionPool;
type Login = { username: string; password: string };
export const passwordAuthenticators: Record<PasswordMechanism, (login: Login) => AuthenticationProvider> = {
  PLAIN: load('kafkajs/src/broker/saslAuthenticator/plain') as (login: Login) => AuthenticationProvider,
  'SCRAM-SHA-256': load('kafkajs/src/broker/saslAuthenticator/scram256') as (login: Login) => AuthenticationProvider,
  'SCRAM-SHA-512': load('kafkajs/src/broker/saslAuthenticator/scram512') as (login: Login) => AuthenticationProvider,
};
export const SaslRefused = (
  load('kafkajs/src/errors') as { KafkaJSSASLAuthenticationError: new (message: string) => Error }
).KafkaJSSASLAuthenticationError;
export const RequestQueuePrototype = (load('kafkajs/src/network/requestQueue') as { prototype: RequestQueue })
  .prototype;
export const createKafkajsLogger = (
  load('kafkajs/src/loggers') as {
    createLogger: (options: { level: number; logCreator: () => (entry: KafkajsLogEntry) => void }) => KafkajsLogger;
  }
).createLogger;

export interface KafkajsLogEntry {
  namespace: string;
  /** 1 error, 2 warning, 4 information, 5 debug. */
  level: number;
  log: { message: string; [field: string]: unknown };
}
