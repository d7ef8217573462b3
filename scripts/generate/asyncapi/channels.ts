import type { TopicSpec } from '../../../platform/kafka/log.ts';
import { shardsTopicSpec, topicSpecs, topicsOf } from '../../../platform/topics.ts';
import type { Catalogue } from '../../../schemas/catalogue.ts';
import { deadLetter, kafkaBinding } from './messages.ts';

const shardMarker = 'cartography.aws.markers.ShardMarker';

interface ChannelPlan {
  topic: string;
  summary: string;
  messages: readonly string[];
}

/** AsyncAPI's channel objects: the topics as the collectors create them by default. */
export function channelsOf(catalogue: Catalogue): Record<string, object> {
  const specs = new Map([...topicSpecs(), shardsTopicSpec()].map((spec) => [spec.name, spec]));
  const plans = planChannels(catalogue);
  const planned = new Set(Object.values(plans).map(({ topic }) => topic));
  const forgotten = [...specs.keys()].filter((topic) => !planned.has(topic));
  if (forgotten.length > 0)
    throw new Error(`scripts/generate/asyncapi/channels.ts does not describe ${forgotten.join()}`);
  return Object.fromEntries(
    Object.entries(plans).map(([id, { topic, summary, messages }]) => [
      id,
      {
        address: topic,
        summary,
        messages: Object.fromEntries(messages.map((name) => [name, { $ref: `#/components/messages/${name}` }])),
        bindings: { kafka: describeTopic(specs.get(topic)!) },
      },
    ]),
  );
}

function planChannels(catalogue: Catalogue): Record<string, ChannelPlan> {
  const topics = topicsOf();
  const recordsOf = (kind: 'asset' | 'hierarchy'): string[] =>
    catalogue
      .all()
      .filter((schema) => schema.kind === kind)
      .map(({ name }) => name);
  const markers = [...catalogue.markers.keys()].filter((name) => name !== shardMarker);
  const dead = (topic: string): ChannelPlan => ({
    topic: topics.deadLetters(topic),
    summary: `What the loaders could not apply of ${topic}.`,
    messages: [deadLetter],
  });
  return {
    assets: { topic: topics.assets, summary: 'What accounts hold.', messages: recordsOf('asset') },
    hierarchy: { topic: topics.hierarchy, summary: 'Organizations as trees.', messages: recordsOf('hierarchy') },
    markers: { topic: topics.markers, summary: 'How scopes, accounts and runs ended.', messages: markers },
    shards: {
      topic: topics.shards,
      summary: 'Where collectors share a run: how far each of them is. Of no use to others.',
      messages: [shardMarker],
    },
    assetsDeadLetters: dead(topics.assets),
    hierarchyDeadLetters: dead(topics.hierarchy),
    markersDeadLetters: dead(topics.markers),
  };
}

function describeTopic({ partitions, replicationFactor, config }: TopicSpec): object {
  const topicConfiguration = Object.entries(config).map(([name, value]) => [
    name,
    name === 'cleanup.policy' ? value.split(',') : Number(value),
  ]);
  return {
    partitions,
    replicas: replicationFactor,
    topicConfiguration: Object.fromEntries(topicConfiguration) as object,
    bindingVersion: kafkaBinding,
  };
}
