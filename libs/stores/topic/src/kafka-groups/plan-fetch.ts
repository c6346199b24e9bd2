import type { FetchRequest } from '#libs/foundation/kafka';
import type { PartitionFeed } from './partition-feed.ts';
import type { TopicDirectory } from './topic-directory.ts';

export interface FetchLimits {
  readonly partitionMaxBytes: number;
  /** What may still be fetched ahead, bytes. */
  readonly roomBytes: number;
  readonly fetchWaitMs: number;
}

export interface FetchPlan {
  readonly feeds: readonly PartitionFeed[];
  readonly requests: readonly FetchRequest[];
  /** How long the broker may wait for a first record, ms. */
  readonly maxWaitMs: number;
  /** When one of the feeds that rest now may be fetched, by the clock of the source; Infinity when none rests. */
  readonly restsUntil: number;
}

/** A broker answers one fetch at a time: while another partition may want one soon, this one must not wait for long. */
const SHORT_WAIT_MS = 50;

/** What to fetch from one broker. Feeds that hold enough are left out, so that a slow reader bounds what is in memory. */
export function planFetch(
  broker: number,
  feeds: readonly PartitionFeed[],
  directory: TopicDirectory,
  limits: FetchLimits,
  now: number,
): FetchPlan {
  const its = feeds.filter((feed) => directory.leaderOf(feed.place)?.leader === broker && feed.isFetchable);
  const awake = its.filter((feed) => feed.restsUntil <= now);
  const hungry = awake.filter((feed) => feed.bufferedBytes < limits.partitionMaxBytes);
  const count = Math.min(hungry.length, Math.max(0, Math.ceil(limits.roomBytes / limits.partitionMaxBytes)));
  const chosen = hungry.slice(0, count);
  return {
    feeds: chosen,
    requests: chosen.map((feed) => requestOf(feed, directory, limits.partitionMaxBytes)),
    maxWaitMs: chosen.length < awake.length ? Math.min(SHORT_WAIT_MS, limits.fetchWaitMs) : limits.fetchWaitMs,
    restsUntil: Math.min(...its.filter((feed) => feed.restsUntil > now).map((feed) => feed.restsUntil)),
  };
}

function requestOf(feed: PartitionFeed, directory: TopicDirectory, maxBytes: number): FetchRequest {
  const { topic, topicId, partition } = feed.place;
  const { leaderEpoch } = directory.leaderOf(feed.place)!;
  return { topic, topicId, partition, offset: feed.fetchOffset, maxBytes, leaderEpoch };
}
