import type { LogTopic } from '../ports.ts';
import { matchesTopic, type TopicPattern } from './topic-pattern.ts';

/** What a cluster's configuration says about topics. */
export interface TopicRules {
  /** Topics that fit one of these... */
  readonly include: readonly TopicPattern[];
  /** ... and none of these are published. */
  readonly exclude: readonly TopicPattern[];
  readonly naming: {
    readonly prefix: string;
    /** `${topic}` and `${source}` are replaced. */
    readonly template: string;
    readonly source: string;
  };
  /** -1: the cluster's default. */
  readonly replicationFactor: number;
  /** Of those that fit, a later one wins. */
  readonly configs: readonly { readonly pattern: TopicPattern; readonly configs: Readonly<Record<string, string>> }[];
}

/** A topic on a cluster. */
export interface TopicRoute {
  readonly state: 'routed';
  readonly topicId: number;
  readonly topic: string;
  /** Its name on the cluster. */
  readonly name: string;
  readonly partitions: number;
  readonly replicationFactor: number;
  readonly configs: Readonly<Record<string, string>>;
}

/** A topic that is not published to a cluster, because that is configured, or because it cannot be. */
export interface TopicNotRouted {
  readonly state: 'not routed' | 'refused';
  readonly topicId: number;
  readonly topic: string;
  readonly detail: string;
}

const LEGAL_NAME = /^[a-zA-Z0-9._-]+$/;
const NAME_MAX = 249;
/** Topics of the brokers themselves. */
const INTERNAL = new Set(['__consumer_offsets', '__transaction_state', '__share_group_state', '__cluster_metadata']);

/** Where one topic goes, other topics left aside. */
export function routeOf(rules: TopicRules, topic: LogTopic): TopicRoute | TopicNotRouted {
  const of = { topicId: topic.topicId, topic: topic.name };
  if (!rules.include.some((pattern) => matchesTopic(pattern, topic.name))) {
    return { ...of, state: 'not routed', detail: 'no pattern of topics.include fits it' };
  }
  const excluded = rules.exclude.find((pattern) => matchesTopic(pattern, topic.name));
  if (excluded !== undefined) {
    return { ...of, state: 'not routed', detail: `topics.exclude has ${excluded.text}, which fits it` };
  }
  const name = clusterName(rules, topic.name);
  const illegal = illegalName(name);
  if (illegal !== undefined) return { ...of, state: 'refused', detail: `${illegal}; change naming` };
  const configs = Object.assign(
    {},
    ...rules.configs.filter(({ pattern }) => matchesTopic(pattern, topic.name)).map(({ configs }) => configs),
  ) as Record<string, string>;
  return {
    ...of,
    state: 'routed',
    name,
    partitions: topic.partitions,
    replicationFactor: rules.replicationFactor,
    configs,
  };
}

function clusterName({ naming }: TopicRules, topic: string): string {
  const filled = naming.template.replace(/\$\{(topic|source)\}/g, (_all, word) =>
    word === 'topic' ? topic : naming.source,
  );
  return naming.prefix + filled;
}

function illegalName(name: string): string | undefined {
  if (name.length > NAME_MAX) {
    return `on the cluster its name would have ${name.length} characters, and Kafka takes ${NAME_MAX} at most`;
  }
  if (!LEGAL_NAME.test(name) || name === '.' || name === '..') {
    return `${JSON.stringify(name)} is no name that Kafka takes: letters, digits, . _ and - only`;
  }
  if (INTERNAL.has(name)) return `${name} is a topic of the brokers themselves`;
  return undefined;
}
