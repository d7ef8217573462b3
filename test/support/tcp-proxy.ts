import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Target {
  host: string;
  port: number;
}

interface Link {
  client: Socket;
  server: Socket;
  isStalled: boolean;
  isArmed: boolean;
}

/** A TCP proxy on 127.0.0.1 that can be told to misbehave in the ways that networks do. */
export class TcpProxy {
  readonly port: number;
  readonly #target: Target;
  readonly #links = new Set<Link>();
  #server: Server;
  #latencyMs = 0;
  #isPaused = false;
  #resumed = Promise.withResolvers<void>();
  #shouldCut: ((request: Buffer) => boolean) | undefined;
  #cuts = 0;
  #bytesLeft = Infinity;

  /** @param port Default: any free one. */
  static async start(target: Target, port = 0): Promise<TcpProxy> {
    const server = createServer();
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return new TcpProxy(server, target);
  }

  private constructor(server: Server, target: Target) {
    this.#server = server;
    this.#target = target;
    this.port = (server.address() as AddressInfo).port;
    server.on('connection', (client) => this.#accept(client));
  }

  get connectionCount(): number {
    return this.#links.size;
  }

  /** How often a response was swallowed or cut short, and its connection cut. */
  get cutCount(): number {
    return this.#cuts;
  }

  /** Resets all connections. */
  cutAll(): void {
    for (const link of this.#links) this.#cut(link);
  }

  /**
   * From now on: passes a request for which `matches` holds, waits for the server's response, swallows it and resets the
   * connection. The server has done its work and the client does not know. undefined ends it.
   */
  cutOnResponse(matches: ((request: Buffer) => boolean) | undefined): void {
    this.#shouldCut = matches;
  }

  /** Passes so many more bytes of the server's, then resets the connection that carries them, in the middle of an answer. */
  cutAfter(bytes: number): void {
    this.#bytesLeft = bytes;
  }

  /** Delays everything, in both directions. */
  setLatency(ms: number): void {
    this.#latencyMs = ms;
  }

  /** Makes the connections of now half-open for good: they stay up and carry nothing. New ones work. */
  stall(): void {
    for (const link of this.#links) link.isStalled = true;
  }

  /** Connections are accepted and nothing is carried, until `resume`; then everything that was held back is. */
  pause(): void {
    if (this.#isPaused) return;
    this.#isPaused = true;
    this.#resumed = Promise.withResolvers<void>();
  }

  resume(): void {
    this.#isPaused = false;
    this.#resumed.resolve();
  }

  /** As if the server were gone: resets all connections and refuses new ones, until `accept`. */
  async refuse(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.cutAll();
    await closed;
  }

  async accept(): Promise<void> {
    this.#server = createServer((client) => this.#accept(client));
    this.#server.listen(this.port, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  async close(): Promise<void> {
    this.resume();
    if (this.#server.listening) await this.refuse();
    else this.cutAll();
  }

  #accept(client: Socket): void {
    const server = connect(this.#target);
    const link: Link = { client, server, isStalled: false, isArmed: false };
    this.#links.add(link);
    for (const socket of [client, server]) {
      socket.setNoDelay(true);
      socket.on('error', () => this.#cut(link));
      socket.on('close', () => this.#cut(link));
    }
    void this.#carry(link, client, server, (chunk) => {
      if (this.#shouldCut?.(chunk) === true) link.isArmed = true;
      return true;
    });
    void this.#carry(link, server, client, (chunk) => {
      this.#bytesLeft -= chunk.length;
      if (!link.isArmed && this.#bytesLeft > 0) return true;
      if (!link.isArmed) client.write(chunk.subarray(0, chunk.length + this.#bytesLeft));
      this.#bytesLeft = Infinity;
      this.#cuts++;
      // What was written just now goes out first.
      setImmediate(() => this.#cut(link));
      return false;
    });
  }

  async #carry(link: Link, from: Socket, to: Socket, allow: (chunk: Buffer) => boolean): Promise<void> {
    try {
      for await (const chunk of from as AsyncIterable<Buffer>) {
        if (this.#latencyMs > 0) await sleep(this.#latencyMs);
        if (this.#isPaused) await this.#resumed.promise;
        if (link.isStalled) return await new Promise<void>((resolve) => from.once('close', resolve));
        if (!allow(chunk)) return;
        if (!to.write(chunk)) await once(to, 'drain');
      }
      to.end();
    } catch {
      this.#cut(link);
    }
  }

  #cut(link: Link): void {
    if (!this.#links.delete(link)) return;
    reset(link.client);
    reset(link.server);
  }
}

/**
 * A socket that is just shutting down is closed instead: libuv refuses to reset it (EINVAL, uv_tcp_close_reset), Node takes it
 * for closed nevertheless, and the process then spins for ever when it ends, with a handle that nobody closes. Seen with Node
 * 24.21; `socket.end()` and `socket.resetAndDestroy()` in the next tick show it.
 */
function reset(socket: Socket): void {
  if (socket.writableEnded && !socket.writableFinished) socket.destroy();
  else socket.resetAndDestroy();
}

/** Whether this chunk begins a Kafka request of this kind (https://kafka.apache.org/protocol#protocol_api_keys). */
export function isKafkaRequest(chunk: Buffer, apiKey: number): boolean {
  return chunk.length >= 6 && chunk.readInt16BE(4) === apiKey;
}
