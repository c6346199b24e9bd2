import {
  type Compression,
  connectionFromSection,
  type ConnectionContext,
  type KafkaConnectionSettings,
} from '#libs/foundation/kafka';
import type { KafkaHeaderOptions } from '#libs/stores/topic';
import type { TopicRules } from '../topics/route.ts';
import type { ClusterSection } from './cluster-schema.ts';

/** One cluster as it is published to. */
export interface ClusterConfig {
  readonly name: string;
  readonly connection: KafkaConnectionSettings;
  /** Whether retention waits for it. */
  readonly required: boolean;
  readonly topics: TopicRules;
  readonly headers: KafkaHeaderOptions;
  readonly compression: Compression;
  readonly lingerMs: number;
  readonly batchMaxBytes: number;
  readonly mode: 'auto' | 'exact' | 'at-least-once';
  readonly createTopics: boolean;
  /** What to do at the first contact with a topic that holds records already. */
  readonly existingTopics: 'adopt' | 'refuse';
  readonly canary: { readonly intervalMs: number } | undefined;
}

export function clusterConfigOf(name: string, section: ClusterSection, context: ConnectionContext): ClusterConfig {
  const { naming, topics, topicConfigs, headers } = section;
  const { cloudEvents } = headers;
  return {
    name,
    connection: connectionFromSection(section, context),
    required: section.required,
    topics: {
      include: topics.include,
      exclude: topics.exclude,
      naming: { prefix: naming.prefix, template: naming.template, source: naming.source ?? '' },
      replicationFactor: section.replicationFactor,
      configs: topicConfigs,
    },
    headers: {
      schemaId: headers.schemaId,
      debezium: headers.debezium,
      ...(cloudEvents === undefined ? {} : { cloudEvents }),
    },
    compression: section.compression,
    lingerMs: section.lingerMs,
    batchMaxBytes: section.batchMaxBytes,
    mode: section.mode,
    createTopics: section.createTopics,
    existingTopics: section.existingTopics,
    canary: section.canary,
  };
}
