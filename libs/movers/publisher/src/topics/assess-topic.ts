import { boundIn, type TopicConfigs, topicLimits, type TopicLimits } from './topic-limits.ts';

/** What is known of a topic beside the cluster's configs; what is left out is not judged. */
export interface AssessedTopic {
  /** Its name on the cluster. */
  readonly name: string;
  /** Replicas of its partitions there. */
  readonly replicas?: number;
  /** Largest message that the log topic takes. */
  readonly messageMaxBytes?: number;
  /** Age of the oldest record that is to be published. */
  readonly oldestAgeMs?: number;
  /** Whether it has records without a key. Not known: it may. */
  readonly hasNullKeys?: boolean;
}

export type TopicWarningCode =
  | 'expires-at-once'
  | 'compacted'
  | 'compacted-null-keys'
  | 'loses-acknowledged'
  | 'messages-too-large'
  | 'broker-time'
  | 'old-format';

export interface TopicWarning {
  readonly code: TopicWarningCode;
  /** What happens and what to do. */
  readonly text: string;
}

/** Batch header, record header, and the headers that are added: what a message weighs on a cluster beside its own bytes. */
const RECORD_OVERHEAD_BYTES = 512;

/** What a cluster takes for a topic, and what its configs do to records that people would not expect. */
export function assessTopic(
  configs: TopicConfigs,
  topic: AssessedTopic,
): { readonly limits: TopicLimits; readonly warnings: readonly TopicWarning[] } {
  const limits = topicLimits(configs);
  const warnings = [
    ...expiry(configs, topic),
    ...compaction(configs, topic),
    ...durability(configs, topic),
    ...size(limits, topic),
    ...time(configs, topic),
    ...format(configs, topic),
  ];
  return { limits, warnings };
}

const policies = (configs: TopicConfigs): string[] =>
  (configs.get('cleanup.policy') ?? 'delete').split(',').map((policy) => policy.trim());

function* expiry(configs: TopicConfigs, { name, oldestAgeMs }: AssessedTopic): Generator<TopicWarning> {
  const retentionMs = boundIn(configs, 'retention.ms');
  const ownTime = configs.get('message.timestamp.type') === 'LogAppendTime';
  if (ownTime || retentionMs === null || oldestAgeMs === undefined || !policies(configs).includes('delete')) return;
  if (oldestAgeMs <= retentionMs) return;
  yield {
    code: 'expires-at-once',
    text:
      `${name} keeps records for retention.ms = ${retentionMs} by their own time, and the oldest to be published is ` +
      `${Math.floor(oldestAgeMs)} ms old: the cluster deletes such records soon after they arrive, read or not. Raise ` +
      'retention.ms until consumers have caught up, or set message.timestamp.type to LogAppendTime',
  };
}

function* compaction(configs: TopicConfigs, { name, hasNullKeys }: AssessedTopic): Generator<TopicWarning> {
  if (!policies(configs).includes('compact')) return;
  yield {
    code: 'compacted',
    text:
      `${name} is compacted: the cluster keeps the last record of each key only, so verify finds earlier ones missing. ` +
      'Offsets stay right; set cleanup.policy to delete if consumers need every record',
  };
  if (hasNullKeys === false) return;
  const which =
    hasNullKeys === true ? 'its topic has records without a key' : 'its topic may get records without a key';
  yield {
    code: 'compacted-null-keys',
    text:
      `${name} is compacted and ${which}: the cluster refuses those, and their partition stands still there. Emit with ` +
      'keys, or set cleanup.policy to delete',
  };
}

function* durability(configs: TopicConfigs, { name, replicas }: AssessedTopic): Generator<TopicWarning> {
  const inSync = boundIn(configs, 'min.insync.replicas') ?? 1;
  if (replicas === undefined || replicas < 2 || inSync > 1) return;
  yield {
    code: 'loses-acknowledged',
    text:
      `${name} has ${replicas} replicas and min.insync.replicas = 1: the cluster acknowledges records that one broker has ` +
      'alone, and loses them with it. They are published again from the log, but consumers may have seen them before; set ' +
      'min.insync.replicas to 2',
  };
}

function* size(limits: TopicLimits, { name, messageMaxBytes }: AssessedTopic): Generator<TopicWarning> {
  if (messageMaxBytes === undefined || messageMaxBytes + RECORD_OVERHEAD_BYTES <= limits.maxMessageBytes) return;
  yield {
    code: 'messages-too-large',
    text:
      `the log topic takes messages of ${messageMaxBytes} bytes, and ${name} batches of ${limits.maxMessageBytes}: a message ` +
      'that does not fit when compressed is a placeholder on this cluster. Set max.message.bytes to ' +
      `${messageMaxBytes + RECORD_OVERHEAD_BYTES} or more, or lower max_message_bytes of the log topic`,
  };
}

function* time(configs: TopicConfigs, { name }: AssessedTopic): Generator<TopicWarning> {
  if (configs.get('message.timestamp.type') !== 'LogAppendTime') return;
  yield {
    code: 'broker-time',
    text:
      `${name} has message.timestamp.type = LogAppendTime: records carry the time at which the cluster got them, which ` +
      'differs from cluster to cluster. Set it to CreateTime to have the time of the message',
  };
}

function* format(configs: TopicConfigs, { name }: AssessedTopic): Generator<TopicWarning> {
  const version = configs.get('message.format.version');
  const [major = 1, minor = 0] = (version ?? '1.0').split(/[.-]/).map(Number);
  if (major > 0 || minor >= 11) return;
  yield {
    code: 'old-format',
    text:
      `${name} has message.format.version = ${version}, a format without headers and sequences: records cannot be published ` +
      'as they are. Remove this config from the topic',
  };
}
