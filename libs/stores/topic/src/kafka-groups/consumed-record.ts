import type { FetchedRecord } from '#libs/foundation/kafka';
import { clusterRecordOf } from '../kafka/cluster-record.ts';
import { type TopicRecord, UNKNOWN_POSITION } from '../record.ts';
import { foreignMessageId } from './foreign-message-id.ts';

export interface ConsumedFrom {
  /** The cluster's name here. */
  readonly cluster: string;
  /** As the cluster calls it. */
  readonly topic: string;
  readonly topicId: string | null;
  readonly partition: number;
}

/**
 * A record of a cluster as a member of a group gets it, like one of a Postgres topic: the message's own headers alone, its
 * id, schema, time and topic from those that were added for the cluster. What another producer wrote keeps all its
 * headers, and gets an id of its place. Partition and offset are the cluster's.
 */
export function consumedRecord(fetched: FetchedRecord, from: ConsumedFrom): TopicRecord {
  const { cluster, topic, topicId, partition } = from;
  const { offset, timestampMs } = fetched;
  const record = clusterRecordOf(fetched, { clusterTopic: topic, partition });
  return {
    ...record,
    position: UNKNOWN_POSITION,
    messageId: record.messageId ?? foreignMessageId({ cluster, topic, topicId, partition, offset, timestampMs }),
  };
}
