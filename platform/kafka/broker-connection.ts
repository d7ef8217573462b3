import { isIP, connect as connectPlain, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
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

const KEEP_ALIVE_MS = 60_000;

/**
 * The authenticated connections to one broker: one for fetches, one for all else. Once something has gone wrong on either,
 * the object is thrown away: kafkajs's connections do not survive being opened a second time.
 */
export class BrokerConnection {
  readonly address: string;
  readonly #broker: KafkajsBroker;
  readonly #connectTimeoutMs: number;
  #isOpen = false;
  #destroyed = false;

  constructor(advertised: Address, settings: KafkaSettings, logger: KafkajsLogger) {
    this.address = formatAddress(advertised);
    this.#connectTimeoutMs = settings.connectTimeoutMs;
    const { host, port } = settings.resolveAddress(advertised);
    const ssl = settings.tls === true ? {} : settings.tls === false || settings.tls === undefined ? null : settings.tls;
    const connectionPool = new ConnectionPool({
      host,
      port,
      clientId: settings.clientId,
      ssl,
      sasl: settings.sasl,
      socketFactory: ({ host, port, ssl, onConnect }) => openSocket({ host, port }, advertised.host, ssl, onConnect),
      connectionTimeout: settings.connectTimeoutMs,
      requestTimeout: settings.requestTimeoutMs,
      enforceRequestTimeout: true,
      maxInFlightRequests: null,
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
      this.#broker.isConnected() &&
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

  send(request: ProtocolRequest): Promise<unknown> {
    if (this.#destroyed) return Promise.reject(new KafkaUnavailable(`the connection to ${this.address} is closed`));
    return this.#broker.connectionPool.send(request);
  }

  /** Closes at once; requests under way reject. */
  destroy(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    for (const connection of this.#broker.connectionPool.pool) {
      connection.requestQueue.rejectAll(new KafkaUnavailable(`the connection to ${this.address} was closed`));
      connection.requestQueue.destroy();
      connection.connectionStatus = 'disconnected';
      connection.socket?.destroy();
    }
  }
}

function openSocket(
  address: Address,
  advertisedHost: string,
  ssl: ConnectionOptions | null,
  onConnect: () => void,
): Socket {
  const socket =
    ssl === null
      ? connectPlain(address, onConnect)
      : connectTls(
          { ...address, ...(isIP(advertisedHost) === 0 ? { servername: advertisedHost } : {}), ...ssl },
          onConnect,
        );
  socket.setKeepAlive(true, KEEP_ALIVE_MS);
  socket.setNoDelay(true);
  return socket;
}
