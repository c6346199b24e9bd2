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

const RULES: readonly ProduceRule[] = [
  rule(0, 'NONE', 'acked'),
  LOST,
  OVERTAKEN,
  UNENCODABLE,
  rule(-1, 'UNKNOWN_SERVER_ERROR', 'locate'),
  rule(2, 'CORRUPT_MESSAGE', 'locate'),
  rule(3, 'UNKNOWN_TOPIC_OR_PARTITION', 'locate'),
  rule(5, 'LEADER_NOT_AVAILABLE', 'locate'),
  rule(6, 'NOT_LEADER_OR_FOLLOWER', 'locate'),
  rule(7, 'REQUEST_TIMED_OUT', 'locate'),
  rule(8, 'BROKER_NOT_AVAILABLE', 'locate'),
  rule(9, 'REPLICA_NOT_AVAILABLE', 'locate'),
  rule(10, 'MESSAGE_TOO_LARGE', 'split'),
  rule(13, 'NETWORK_EXCEPTION', 'locate'),
  rule(17, 'INVALID_TOPIC_EXCEPTION', 'block', 'give the topic a name that Kafka accepts, by the route of the topic'),
  rule(18, 'RECORD_LIST_TOO_LARGE', 'split'),
  // Not refused for good: a replica may come back within a second.
  rule(19, 'NOT_ENOUGH_REPLICAS', 'locate'),
  rule(20, 'NOT_ENOUGH_REPLICAS_AFTER_APPEND', 'locate'),
  rule(21, 'INVALID_REQUIRED_ACKS', 'block', 'this broker does not take acks=all; use another one'),
  rule(29, 'TOPIC_AUTHORIZATION_FAILED', 'block', 'allow the principal WRITE, READ and DESCRIBE on the topic'),
  rule(31, 'CLUSTER_AUTHORIZATION_FAILED', 'block', 'allow the principal IDEMPOTENT_WRITE on the cluster'),
  rule(32, 'INVALID_TIMESTAMP', 'clamp'),
  rule(35, 'UNSUPPORTED_VERSION', 'block', 'use a broker of version 2.8 or later'),
  rule(43, 'UNSUPPORTED_FOR_MESSAGE_FORMAT', 'block', 'set message.format.version of the topic to 2.0 or later'),
  rule(44, 'POLICY_VIOLATION', 'block', 'a policy of the cluster refuses the records; see the log of the broker'),
  rule(45, 'OUT_OF_ORDER_SEQUENCE_NUMBER', 'locate'),
  rule(46, 'DUPLICATE_SEQUENCE_NUMBER', 'locate'),
  rule(47, 'INVALID_PRODUCER_EPOCH', 'locate'),
  rule(56, 'KAFKA_STORAGE_ERROR', 'locate'),
  rule(59, 'UNKNOWN_PRODUCER_ID', 'locate'),
  rule(74, 'FENCED_LEADER_EPOCH', 'locate'),
  rule(75, 'UNKNOWN_LEADER_EPOCH', 'locate'),
  rule(76, 'UNSUPPORTED_COMPRESSION_TYPE', 'block', 'choose a compression that the broker takes'),
  rule(87, 'INVALID_RECORD', 'block', 'the topic takes no such records (a compacted topic takes none without a key)'),
  rule(89, 'THROTTLING_QUOTA_EXCEEDED', 'locate'),
  // The topic was deleted, and perhaps created again: the next metadata tell.
  rule(100, 'UNKNOWN_TOPIC_ID', 'locate'),
  rule(103, 'INCONSISTENT_TOPIC_ID', 'locate'),
];

const BY_CODE: ReadonlyMap<number, ProduceRule> = new Map(RULES.map((each) => [each.code, each]));

/** Total: a code that is not listed blocks the lane and says its number. */
export function produceRule(code: number): ProduceRule {
  return BY_CODE.get(code) ?? rule(code, `KAFKA_ERROR_${code}`, 'block', 'see the log of the broker');
}

/** Answers by which a broker says that it forgot or never knew where our sequences were. */
export function isSequenceRefusal(code: number): boolean {
  return code === 45 || code === 46 || code === 47 || code === 59;
}
