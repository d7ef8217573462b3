import type { TopicSpec } from './kafka/log.ts';

/** Names of the log's topics. */
export interface Topics {
  assets: string;
  hierarchy: string;
  markers: string;
  /** Where collectors that share a run tell each other how far they are. */
  shards: string;
  /** Where messages of a topic go that cannot be applied. */
  deadLetters(topic: string): string;
}

export const defaultTopicPrefix = 'cartography.aws';

export function topicsOf(prefix: string = defaultTopicPrefix): Topics {
  return {
    assets: `${prefix}.assets`,
    hierarchy: `${prefix}.hierarchy`,
    markers: `${prefix}.markers`,
    shards: `${prefix}.shards`,
    deadLetters: (topic) => `${topic}.dlq`,
  };
}

export interface TopicSettings {
  /** Default `cartography.aws`. */
  prefix?: string;
  /** Partitions of the assets topic. Default 12. */
  partitions?: number;
  /** Default 1. */
  replicationFactor?: number;
  /** How long records stay; must cover several runs. Default 30 days. */
  retentionMs?: number;
}

const day = 86_400_000;
/** An inline policy may be large; the producer refuses more than this. */
const maxMessageBytes = 16 * 1024 * 1024;

/** The topic of collectors that share a run. It is only there where they do. */
export function shardsTopicSpec({
  prefix,
  replicationFactor = 1,
  retentionMs = 30 * day,
}: TopicSettings = {}): TopicSpec {
  const config = compactedConfig(replicationFactor, retentionMs);
  return { name: topicsOf(prefix).shards, partitions: 1, replicationFactor, config };
}

/** The topics as they are created where they are missing. */
export function topicSpecs({
  prefix,
  partitions = 12,
  replicationFactor = 1,
  retentionMs = 30 * day,
}: TopicSettings = {}): TopicSpec[] {
  const topics = topicsOf(prefix);
  const log = {
    ...compactedConfig(replicationFactor, retentionMs),
    'max.message.bytes': String(maxMessageBytes),
  };
  const dead = {
    ...inSyncOf(replicationFactor),
    'cleanup.policy': 'delete',
    'retention.ms': String(14 * day),
    // The reason and the place come on top of what the log has taken.
    'max.message.bytes': String(maxMessageBytes + 64 * 1024),
  };
  const names = [topics.assets, topics.hierarchy, topics.markers];
  return [
    ...names.map((name) => ({
      name,
      partitions: name === topics.assets ? partitions : 1,
      replicationFactor,
      config: log,
    })),
    ...names.map((name) => ({ name: topics.deadLetters(name), partitions: 1, replicationFactor, config: dead })),
  ];
}

function compactedConfig(replicationFactor: number, retentionMs: number): Record<string, string> {
  return {
    ...inSyncOf(replicationFactor),
    'cleanup.policy': 'compact,delete',
    'retention.ms': String(retentionMs),
  };
}

/** An acknowledged record is on two brokers, so that the loss of one loses nothing, and one may be away. */
function inSyncOf(replicationFactor: number): Record<string, string> {
  return replicationFactor < 3 ? {} : { 'min.insync.replicas': '2' };
}
