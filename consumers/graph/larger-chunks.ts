import { createRequire } from 'node:module';

/** A chunk may have 65,535 bytes: https://neo4j.com/docs/bolt/current/bolt/message/#chunking */
const CHUNK_BYTES = 32 * 1024;

/** What the driver cuts its messages into chunks with, and writes each to its socket. */
interface Chunker {
  writeBytes(bytes: unknown): void;
  flush(): void;
}
interface ChunkerClass {
  new (channel: { write(chunk: unknown): void }): Chunker;
  prototype: Chunker;
}

const driver = createRequire(import.meta.resolve('neo4j-driver'));
export const { Chunker } = driver('neo4j-driver-bolt-connection/lib/channel/chunking.js') as { Chunker: ChunkerClass };

/**
 * The driver sends 1,400 bytes at a time, the size of a network's packet; each is a system call, and they took a seventh of a
 * loader's time. For all connections of this process.
 */
export function sendLargerChunks(): void {
  Object.defineProperty(Chunker.prototype, '_bufferSize', {
    get: () => CHUNK_BYTES,
    set: () => undefined,
    configurable: true,
  });
}
