import { isIPv6 } from 'node:net';
import { UsageError } from '../errors.ts';
import type { TlsFiles } from '../tls/tls-files.ts';
import type { SaslConfig } from './sasl/sasl-config.ts';

export type Compression = 'none' | 'gzip' | 'zstd';

export interface Address {
  host: string;
  port: number;
}

export interface KafkaConfig {
  /** `host:port` each; any one that answers will do. */
  bootstrapServers: readonly string[];
  clientId: string;
  /** Without files, with the authorities that Node brings along. Files are read for each connection. Default: no encryption. */
  tls?: TlsFiles;
  sasl?: SaslConfig;
  /** Default zstd. */
  compression?: Compression;
  /** What one send to one partition may hold, before compression. Default 900 KiB. */
  maxBatchBytes?: number;
  /** The largest message that `write` takes; topics must allow it (`max.message.bytes`). Default 8 MiB. */
  maxMessageBytes?: number;
  /** How much may wait for its acknowledgement before `write` makes its caller wait. Default 16 MiB. */
  maxQueueBytes?: number;
  /** How long a message waits for company; flush ends the wait. Default 50. */
  lingerMs?: number;
  /** How long a batch is sent again before the producer gives up. Default 120,000. */
  deliveryTimeoutMs?: number;
  /** How long one request may take before its connection is given up. Default 30,000. */
  requestTimeoutMs?: number;
  /** How long a connection may take, with encryption and authentication. Default 4,000. */
  connectTimeoutMs?: number;
  /** How long a first connection is tried. Default 8,000. */
  startTimeoutMs?: number;
  /** How long a member of a consumer group may be silent. Default 45,000. */
  sessionTimeoutMs?: number;
  /** Default 3,000. */
  heartbeatIntervalMs?: number;
  /** How long a group waits for its members to join again; half of it is left to running handlers. Default 60,000. */
  rebalanceTimeoutMs?: number;
  /** A handler that neither ends nor calls `heartbeat` for so long loses its membership. Default 300,000. */
  handlerTimeoutMs?: number;
  /** How long a consumer that is closed waits for its handlers before it leaves its group without them. Default 15,000. */
  closeTimeoutMs?: number;
  /** How long a fetch waits for messages. Default 250. */
  fetchWaitMs?: number;
  /** As on the wire, for all partitions of a broker. Default 4 MiB. */
  fetchBytes?: number;
  /** At least one batch is fetched, whatever its size. As on the wire: unpacked it may be ten times that. Default 64 KiB. */
  fetchPartitionBytes?: number;
  /** How old metadata may get: how soon new partitions are noticed. Default 300,000. */
  metadataMaxAgeMs?: number;
  /** Where to connect to instead of the address that a broker advertises, e.g. the end of a tunnel. Default: there. */
  resolveAddress?: (advertised: Address) => Address;
}

type Optional = 'tls' | 'sasl';

/** With every default filled in. */
export type KafkaSettings = Required<Omit<KafkaConfig, Optional | 'bootstrapServers'>> &
  Pick<KafkaConfig, Optional> & { bootstrapServers: readonly Address[] };

const SERVERS_SETTING = '--kafka-bootstrap-servers';
const MEBIBYTE = 1024 * 1024;

/** @throws UsageError that names the server whose address cannot be read. */
export function resolveKafkaConfig(config: KafkaConfig): KafkaSettings {
  if (config.bootstrapServers.length === 0) {
    throw new UsageError(
      `No Kafka server is given: set ${SERVERS_SETTING} to one or more of host:port, separated by commas.`,
      { setting: SERVERS_SETTING },
    );
  }
  return {
    compression: 'zstd',
    maxBatchBytes: 900 * 1024,
    maxMessageBytes: 8 * MEBIBYTE,
    maxQueueBytes: 16 * MEBIBYTE,
    lingerMs: 50,
    deliveryTimeoutMs: 120_000,
    requestTimeoutMs: 30_000,
    connectTimeoutMs: 4_000,
    startTimeoutMs: 8_000,
    sessionTimeoutMs: 45_000,
    heartbeatIntervalMs: 3_000,
    rebalanceTimeoutMs: 60_000,
    handlerTimeoutMs: 300_000,
    closeTimeoutMs: 15_000,
    fetchWaitMs: 250,
    fetchBytes: 4 * MEBIBYTE,
    fetchPartitionBytes: MEBIBYTE / 16,
    metadataMaxAgeMs: 300_000,
    resolveAddress: (advertised) => advertised,
    ...config,
    bootstrapServers: config.bootstrapServers.map(parseAddress),
  };
}

/** Reads `host:port` or `[IPv6]:port`. */
export function parseAddress(text: string): Address {
  const match = /^(?:\[(?<ipv6>[^\]]+)\]|(?<name>[^\s:/[\]]+)):(?<port>\d{1,5})$/.exec(text.trim());
  const { ipv6, name, port: digits } = match?.groups ?? {};
  const port = Number(digits);
  const host = ipv6 ?? name;
  if (host === undefined || (ipv6 !== undefined && !isIPv6(ipv6)) || !(port >= 1 && port <= 65_535)) {
    throw new UsageError(
      `${SERVERS_SETTING}: ${JSON.stringify(text)} is not an address: write host:port, e.g. localhost:9092.`,
      { setting: SERVERS_SETTING },
    );
  }
  return { host, port };
}

export function formatAddress({ host, port }: Address): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
