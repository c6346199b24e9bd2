import type { TopicRecord } from '#libs/stores/topic';
import type { DeliveryName } from '../consumer-observer.ts';
import type { FailureHistory } from '../failure/failure-history.ts';
import type { LaneItem } from '../lanes/lane-work.ts';
import type { Origin } from './origin.ts';

/** A record in the hands of a subscription. */
export interface QueuedMessage extends LaneItem {
  readonly record: TopicRecord;
  readonly origin: Origin;
  /** The topic in which the message was first published. */
  readonly source: string;
  /** 0 for the main flow, else the number of the retry topic. */
  readonly tier: number;
  /** True for one that has waited behind another of its key. */
  readonly parked: boolean;
  readonly history: FailureHistory;
  /** Failed tries that count, in this process. */
  failed: number;
}

/** `topic/partition@offset`. */
export function placeOf({ topic, partition, offset }: TopicRecord): string {
  return `${topic}/${partition}@${offset}`;
}

export function deliveryName(message: QueuedMessage, of: { group: string; name: string }): DeliveryName {
  const { topic, partition, offset, messageId } = message.record;
  return { group: of.group, subscription: of.name, topic, partition, offset, messageId };
}
