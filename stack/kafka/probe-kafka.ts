import { once } from 'node:events';
import { connect } from 'node:net';

const METADATA = 3;
const METADATA_VERSION = 4;
const TIME_LIMIT_MILLISECONDS = 5_000;

/**
 * Asks the broker for the cluster's metadata and resolves when it names at least one broker; rejects otherwise.
 * https://kafka.apache.org/protocol#The_Messages_Metadata
 */
export async function probeKafka(port: number): Promise<void> {
  const socket = connect({ host: '127.0.0.1', port });
  socket.setTimeout(TIME_LIMIT_MILLISECONDS, () => socket.destroy(new Error('no answer to a metadata request')));
  try {
    await once(socket, 'connect');
    socket.write(metadataRequest());
    const answer = await readFrame(socket);
    // correlation id, throttle time, then the number of brokers
    const brokers = answer.readInt32BE(8);
    if (brokers < 1) throw new Error('the cluster has no broker yet');
  } finally {
    socket.destroy();
  }
}

function metadataRequest(): Buffer {
  const clientId = Buffer.from('probe');
  const request = Buffer.alloc(4 + 2 + 2 + 4 + 2 + clientId.length + 4 + 1);
  let at = request.writeInt32BE(request.length - 4, 0);
  at = request.writeInt16BE(METADATA, at);
  at = request.writeInt16BE(METADATA_VERSION, at);
  at = request.writeInt32BE(1, at);
  at = request.writeInt16BE(clientId.length, at);
  at += clientId.copy(request, at);
  at = request.writeInt32BE(0, at); // no topics; and, in the last byte, do not create any
  request.writeInt8(0, at);
  return request;
}

async function readFrame(socket: AsyncIterable<Buffer>): Promise<Buffer> {
  let received = Buffer.alloc(0);
  for await (const chunk of socket) {
    received = Buffer.concat([received, chunk]);
    if (received.length >= 4 && received.length >= 4 + received.readInt32BE(0)) return received.subarray(4);
  }
  throw new Error('the broker closed the connection');
}
