import { promisify } from 'node:util';
import { zstdCompress, zstdDecompress } from 'node:zlib';
import { compressionCodecs, compressionTypes } from './kafkajs-internals.ts';

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);

/** kafkajs names zstd but brings no codec; Node has one. */
export function registerZstd(): void {
  compressionCodecs[compressionTypes.ZSTD] = () => ({
    compress: (encoder: { buffer: Buffer }) => compress(encoder.buffer),
    decompress: (buffer: Buffer) => decompress(buffer),
  });
}
