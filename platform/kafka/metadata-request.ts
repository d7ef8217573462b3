import {
  createErrorFromCode,
  Decoder,
  Encoder,
  apiKeys,
  type KafkajsDecoder,
  type ProtocolRequest,
} from './kafkajs-internals.ts';
import type { Address } from './kafka-config.ts';

export interface PartitionMetadata {
  partition: number;
  /** -1: none now. */
  leader: number;
}

export interface TopicMetadata {
  name: string;
  /** Kafka's id of the topic (KIP-516), as its own tools print it. Undefined before Kafka 2.8. */
  id: string | undefined;
  /** e.g. of type UNKNOWN_TOPIC_OR_PARTITION; there are no partitions then. */
  error: (Error & { type: string }) | undefined;
  partitions: PartitionMetadata[];
}

export interface ClusterMetadata {
  nodes: Map<number, Address>;
  controllerId: number;
  topics: TopicMetadata[];
}

/** Flexible versions only: 9 is Kafka 2.4; from 10 on (Kafka 2.8) the answer has topic ids, which kafkajs, at 6, never asks for. */
export const METADATA_VERSIONS = { min: 9, max: 12 } as const;

const NO_ID = Buffer.alloc(16);
const EMPTY_TAGS = 0;

/** A Metadata request for these topics; creates none of them. https://kafka.apache.org/protocol#The_Messages_Metadata */
export function metadataRequest(topics: readonly string[], version: number): ProtocolRequest {
  return {
    request: {
      apiKey: apiKeys.Metadata,
      apiVersion: version,
      apiName: 'Metadata',
      // kafkajs writes request header 1; a flexible version has header 2, which is the same and a tag section.
      encode: () => Promise.resolve(encodeRequest(new Encoder().writeUVarInt(EMPTY_TAGS), topics, version)),
    },
    response: {
      decode: (payload) => Promise.resolve(decodeResponse(new Decoder(payload), version)),
      parse: (metadata) => Promise.resolve(metadata),
    },
  };
}

function encodeRequest(
  encoder: InstanceType<typeof Encoder>,
  topics: readonly string[],
  version: number,
): InstanceType<typeof Encoder> {
  encoder.writeUVarInt(topics.length + 1);
  for (const topic of topics) {
    if (version >= 10) encoder.writeBuffer(NO_ID);
    encoder.writeUVarIntString(topic).writeUVarInt(EMPTY_TAGS);
  }
  const allowCreation = false;
  const includeOperations = false;
  encoder.writeBoolean(allowCreation);
  if (version <= 10) encoder.writeBoolean(includeOperations);
  return encoder.writeBoolean(includeOperations).writeUVarInt(EMPTY_TAGS);
}

function decodeResponse(decoder: KafkajsDecoder, version: number): ClusterMetadata {
  skipTags(decoder);
  decoder.readInt32(); // throttle time
  const nodes = new Map<number, Address>();
  for (const { id, ...address } of readCompactArray(decoder, readBroker)) nodes.set(id, address);
  decoder.readUVarIntString(); // cluster id
  const controllerId = decoder.readInt32();
  const topics = readCompactArray(decoder, (topic) => readTopic(topic, version));
  return { nodes, controllerId, topics };
}

function readBroker(decoder: KafkajsDecoder): Address & { id: number } {
  const broker = { id: decoder.readInt32(), host: decoder.readUVarIntString() ?? '', port: decoder.readInt32() };
  decoder.readUVarIntString(); // rack
  skipTags(decoder);
  return broker;
}

function readTopic(decoder: KafkajsDecoder, version: number): TopicMetadata {
  const errorCode = decoder.readInt16();
  const name = decoder.readUVarIntString() ?? '';
  const id = version >= 10 ? decoder.readBytes(16) : NO_ID;
  decoder.readInt8(); // internal or not
  const partitions = readCompactArray(decoder, readPartition);
  decoder.readInt32(); // authorized operations
  skipTags(decoder);
  return {
    name,
    id: id.equals(NO_ID) ? undefined : id.toString('base64url'),
    error: errorCode === 0 ? undefined : createErrorFromCode(errorCode),
    partitions,
  };
}

function readPartition(decoder: KafkajsDecoder): PartitionMetadata {
  decoder.readInt16(); // its error says no more than a leader of -1
  const partition = decoder.readInt32();
  const leader = decoder.readInt32();
  decoder.readInt32(); // leader epoch
  for (let lists = 0; lists < 3; lists++) readCompactArray(decoder, (replica) => replica.readInt32());
  skipTags(decoder);
  return { partition, leader };
}

function readCompactArray<T>(decoder: KafkajsDecoder, read: (decoder: KafkajsDecoder) => T): T[] {
  const length = decoder.readUVarInt() - 1;
  return Array.from({ length: Math.max(length, 0) }, () => read(decoder));
}

/** Tagged fields (KIP-482), none of which is needed here. */
function skipTags(decoder: KafkajsDecoder): void {
  for (let left = decoder.readUVarInt(); left > 0; left--) {
    decoder.readUVarInt();
    decoder.forward(decoder.readUVarInt());
  }
}
