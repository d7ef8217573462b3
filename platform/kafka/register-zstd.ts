import { promisify } from 'node:util';
import { zstdDecompress } from 'node:zlib';
import { compressionCodecs, compressionTypes } from './kafkajs-internals.ts';

const decompress = promisify(zstdDecompress);

/** kafkajs names zstd but brings no codec; Node has one. For reading only: batches are written by record-batch.ts. */
export function registerZstd(): void {
  compressionCodecs[compressionTypes.ZSTD] = () => ({ decompress: (buffer: Buffer) => decompress(buffer) });
}
