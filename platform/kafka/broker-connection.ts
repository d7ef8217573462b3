import { isIP, connect as connectPlain, type Socket } from 'node:net';
import { checkServerIdentity, connect as connectTls, type ConnectionOptions } from 'node:tls';
import { readTlsFiles, type TlsFiles } from '../tls/tls-files.ts';
import { formatAddress, type Address, type KafkaSettings } from './kafka-config.ts';
import { KafkaUnavailable } from './kafka-error.ts';
import {
  apiKeys,
  Broker,
  ConnectionPool,
  requestDefinitions,
  type ApiName,
  type KafkajsBroker,
  type KafkajsLogger,
  type ProtocolRequest,
} from './kafkajs-internals.ts';
import { kafkajsSasl } from './sasl/kafkajs-sasl.ts';

const KEEP_ALIVE_MS = 60_000;
/** How much of a session passes before it is replaced, as with Kafka's own clients (KIP-368). */
const SESSION_SHARE = 0.85;

/**
 * The authenticated connections to one broker: one for fetches, one for all else. Once something has gone wrong on either,
 * the object is thrown away: kafkajs's connections do not survive being opened a second time.
 */
export class BrokerConnection {
  readonly address: string;
  readonly #broker: KafkajsBroker;
  readonly #connectTimeoutMs: number;
  readonly #tls: TlsFiles | undefined;
  readonly #advertisedHost: string;
  /** As the files were when the connection was opened. */
  #tlsOptions: ConnectionOptions | null = null;
  #isOpen = false;
  readonly #closed = Promise.withResolvers<void>();
  #isRetired = false;
  #inFlight = 0;
  #destroyed = false;

  constructor(advertised: Address, settings: KafkaSettings, logger: KafkajsLogger) {
    this.address = formatAddress(advertised);
    this.#connectTimeoutMs = settings.connectTimeoutMs;
    const { host, port } = settings.resolveAddress(advertised);
    this.#tls = settings.tls;
    this.#advertisedHost = advertised.host;
    const connectionPool = new ConnectionPool({
      host,
      port,
      clientId: settings.clientId,
      ssl: settings.tls === undefined ? null : {},
      sasl: settings.sasl === undefined ? undefined : kafkajsSasl(settings.sasl),
      socketFactory: ({ host, port, onConnect }) => openSocket({ host, port }, this.#tlsOptions, onConnect),
      connectionTimeout: settings.connectTimeoutMs,
      requestTimeout: settings.requestTimeoutMs,
      enforceRequestTimeout: true,
      maxInFlightRequests: null,
      reauthenticationThreshold: 0,
      logger,
    });
    this.#broker = new Broker({
      connectionPool,
      logger,
      authenticationTimeout: settings.connectTimeoutMs,
      allowAutoTopicCreation: false,
    });
  }

  /** Connects and logs in. Destroys itself when that fails. */
  async open(): Promise<void> {
    if (this.#tls !== undefined) this.#tlsOptions = await tlsOptions(this.#tls, this.#advertisedHost);
    // kafkajs waits for a whole request time-out on a server that accepts the connection and then says nothing.
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new KafkaUnavailable(`${this.address} gave no answer within ${this.#connectTimeoutMs} ms`)),
        this.#connectTimeoutMs,
      );
    });
    try {
      await Promise.race([this.#broker.connect(), timeout]);
      this.#isOpen = true;
    } catch (error) {
      this.destroy();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Whether it is open and nothing has gone wrong so far, as far as can be known without asking. */
  get isUsable(): boolean {
    return (
      this.#isOpen &&
      !this.#destroyed &&
      this.#broker.connectionPool.isConnected() &&
      this.#broker.connectionPool.pool.every(
        ({ socket, connectionStatus }) => socket === undefined || connectionStatus === 'connected',
      )
    );
  }

  maxVersion(api: ApiName): number {
    return this.#broker.versions?.[apiKeys[api]]?.maxVersion ?? -1;
  }

  /** A request as kafkajs encodes it, in the highest version that it and the broker know. */
  prepare(api: ApiName, parameters: object): ProtocolRequest {
    return this.#broker.lookupRequest(apiKeys[api], requestDefinitions[api])(parameters);
  }

  async send(request: ProtocolRequest): Promise<unknown> {
    if (this.#destroyed) throw new KafkaUnavailable(`the connection to ${this.address} is closed`);
    this.#inFlight++;
    try {
      return await this.#broker.connectionPool.send(request);
    } finally {
      this.#inFlight--;
      this.#closeWhenDone();
    }
  }

  /**
   * Whether the broker will soon take requests no longer, because the login's session ends (`connections.max.reauth.ms`, or
   * the token's lifetime). kafkajs would log in anew on the same connection; a request that it is just encoding then
   * comes in between, and the broker refuses both.
   */
  get isExpiring(): boolean {
    return this.#broker.connectionPool.pool.some(({ authenticatedAt, sessionLifetime }) => {
      const lifetimeMs = Number(sessionLifetime.toString());
      if (authenticatedAt === null || lifetimeMs === 0) return false;
      const [seconds, nanoseconds] = process.hrtime(authenticatedAt);
      return seconds * 1_000 + nanoseconds / 1e6 > lifetimeMs * SESSION_SHARE;
    });
  }

  /** Closes once no request is under way, and resolves then. */
  retire(): Promise<void> {
    this.#isRetired = true;
    this.#closeWhenDone();
    return this.#closed.promise;
  }

  #closeWhenDone(): void {
    if (this.#isRetired && this.#inFlight === 0) this.destroy();
  }

  /** Closes at once; requests under way reject. */
  destroy(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    this.#closed.resolve();
    for (const connection of this.#broker.connectionPool.pool) {
      connection.requestQueue.rejectAll(new KafkaUnavailable(`the connection to ${this.address} was closed`));
      connection.requestQueue.destroy();
      connection.connectionStatus = 'disconnected';
      connection.socket?.destroy();
    }
  }
}

/** The certificate has to be for the host that the broker goes by, wherever the connection really leads. */
async function tlsOptions(tls: TlsFiles, host: string): Promise<ConnectionOptions> {
  return {
    ...(await readTlsFiles(tls)),
    ...(isIP(host) === 0 ? { servername: host } : {}),
    checkServerIdentity: (_, certificate) =>
      tls.checksServerName === false ? undefined : checkServerIdentity(host, certificate),
  };
}

function openSocket(address: Address, tls: ConnectionOptions | null, onConnect: () => void): Socket {
  const socket = tls === null ? connectPlain(address, onConnect) : connectTls({ ...address, ...tls }, onConnect);
  socket.setKeepAlive(true, KEEP_ALIVE_MS);
  socket.setNoDelay(true);
  return socket;
}
