import { KAFKA_ERROR } from '#libs/foundation/kafka';

/**
 * What a broker's answer to a batch means for its lane:
 * - `acked`: it is on the cluster.
 * - `locate`: it may or may not be there, or something else happened to the partition: find its end, then go on.
 * - `split`: it is too large; nothing was appended.
 * - `clamp`: the broker takes no such timestamps; nothing was appended.
 * - `block`: somebody has to change something; try again at intervals.
 * - `stop`: going on would leave a hole that nothing can fill.
 */
export type ProduceAction = 'acked' | 'locate' | 'split' | 'clamp' | 'block' | 'stop';

export interface ProduceRule {
  readonly code: number;
  /** Kafka's name of the error. */
  readonly name: string;
  readonly action: ProduceAction;
  /** What to do about it; for `block` only. */
  readonly remedy?: string;
}

const rule = (code: number, name: string, action: ProduceAction, remedy?: string): ProduceRule => ({
  code,
  name,
  action,
  ...(remedy === undefined ? {} : { remedy }),
});

/** The answer that did not come: the batch may be on the cluster, or may still arrive there. */
export const LOST: ProduceRule = rule(-2, 'NO_ANSWER', 'locate');

/** A batch was appended below records that were there before it: the cluster lost those, and they cannot be put before it. */
export const OVERTAKEN: ProduceRule = rule(-3, 'RECORDS_LOST_BEFORE_BATCH', 'stop');

/** A batch could not be encoded; a defect, or data that nobody foresaw. */
export const UNENCODABLE: ProduceRule = rule(-4, 'ENCODING_FAILED', 'block', 'report it with this text');

/** The rule for an error that Kafka names. */
const answer = (name: keyof typeof KAFKA_ERROR, action: ProduceAction, remedy?: string): ProduceRule =>
  rule(KAFKA_ERROR[name], name, action, remedy);

const RULES: readonly ProduceRule[] = [
  answer('NONE', 'acked'),
  LOST,
  OVERTAKEN,
  UNENCODABLE,
  answer('UNKNOWN_SERVER_ERROR', 'locate'),
  answer('CORRUPT_MESSAGE', 'locate'),
  answer('UNKNOWN_TOPIC_OR_PARTITION', 'locate'),
  answer('LEADER_NOT_AVAILABLE', 'locate'),
  answer('NOT_LEADER_OR_FOLLOWER', 'locate'),
  answer('REQUEST_TIMED_OUT', 'locate'),
  answer('BROKER_NOT_AVAILABLE', 'locate'),
  answer('REPLICA_NOT_AVAILABLE', 'locate'),
  answer('MESSAGE_TOO_LARGE', 'split'),
  answer('NETWORK_EXCEPTION', 'locate'),
  answer('INVALID_TOPIC_EXCEPTION', 'block', 'give the topic a name that Kafka accepts, by the route of the topic'),
  answer('RECORD_LIST_TOO_LARGE', 'split'),
  // Not refused for good: a replica may come back within a second.
  answer('NOT_ENOUGH_REPLICAS', 'locate'),
  answer('NOT_ENOUGH_REPLICAS_AFTER_APPEND', 'locate'),
  answer('INVALID_REQUIRED_ACKS', 'block', 'this broker does not take acks=all; use another one'),
  answer('TOPIC_AUTHORIZATION_FAILED', 'block', 'allow the principal WRITE, READ and DESCRIBE on the topic'),
  answer('CLUSTER_AUTHORIZATION_FAILED', 'block', 'allow the principal IDEMPOTENT_WRITE on the cluster'),
  answer('INVALID_TIMESTAMP', 'clamp'),
  answer('UNSUPPORTED_VERSION', 'block', 'use a broker of version 2.8 or later'),
  answer('UNSUPPORTED_FOR_MESSAGE_FORMAT', 'block', 'set message.format.version of the topic to 2.0 or later'),
  answer('POLICY_VIOLATION', 'block', 'a policy of the cluster refuses the records; see the log of the broker'),
  answer('OUT_OF_ORDER_SEQUENCE_NUMBER', 'locate'),
  answer('DUPLICATE_SEQUENCE_NUMBER', 'locate'),
  answer('INVALID_PRODUCER_EPOCH', 'locate'),
  answer('KAFKA_STORAGE_ERROR', 'locate'),
  answer('UNKNOWN_PRODUCER_ID', 'locate'),
  answer('FENCED_LEADER_EPOCH', 'locate'),
  answer('UNKNOWN_LEADER_EPOCH', 'locate'),
  answer('UNSUPPORTED_COMPRESSION_TYPE', 'block', 'choose a compression that the broker takes'),
  answer('INVALID_RECORD', 'block', 'the topic takes no such records (a compacted topic takes none without a key)'),
  answer('THROTTLING_QUOTA_EXCEEDED', 'locate'),
  // The topic was deleted, and perhaps created again: the next metadata tell.
  answer('UNKNOWN_TOPIC_ID', 'locate'),
  answer('INCONSISTENT_TOPIC_ID', 'locate'),
];

const BY_CODE: ReadonlyMap<number, ProduceRule> = new Map(RULES.map((each) => [each.code, each]));

/** Total: a code that is not listed blocks the lane and says its number. */
export function produceRule(code: number): ProduceRule {
  return BY_CODE.get(code) ?? rule(code, `KAFKA_ERROR_${code}`, 'block', 'see the log of the broker');
}

/** By Kafka's rules neither is an answer to the first batch of a producer that the broker does not know. */
const FIRST_SEQUENCE_REFUSALS: ReadonlySet<number> = new Set([
  KAFKA_ERROR.OUT_OF_ORDER_SEQUENCE_NUMBER,
  KAFKA_ERROR.UNKNOWN_PRODUCER_ID,
]);

/** Answers by which a broker that does not know a producer refuses to begin with another sequence than 0. */
export function isFirstSequenceRefusal(code: number): boolean {
  return FIRST_SEQUENCE_REFUSALS.has(code);
}
