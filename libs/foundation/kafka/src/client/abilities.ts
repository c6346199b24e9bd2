import type { VersionRange } from '../protocol/api-call.ts';
import { CONSUMER_GROUP_HEARTBEAT } from '../protocol/consumer-group-heartbeat.ts';
import { CREATE_PARTITIONS } from '../protocol/create-partitions.ts';
import { CREATE_TOPICS } from '../protocol/create-topics.ts';
import { DESCRIBE_CONFIGS } from '../protocol/describe-configs.ts';
import { DESCRIBE_CONSUMER_GROUP } from '../protocol/describe-consumer-group.ts';
import { DESCRIBE_GROUP } from '../protocol/describe-group.ts';
import { DESCRIBE_PRODUCERS } from '../protocol/describe-producers.ts';
import { FETCH } from '../protocol/fetch.ts';
import { FIND_COORDINATOR } from '../protocol/find-coordinator.ts';
import { INIT_PRODUCER_ID } from '../protocol/init-producer-id.ts';
import { LIST_OFFSETS } from '../protocol/list-offsets.ts';
import { METADATA } from '../protocol/metadata.ts';
import { OFFSET_COMMIT } from '../protocol/offset-commit.ts';
import { OFFSET_FETCH } from '../protocol/offset-fetch.ts';
import { OFFSET_FOR_LEADER_EPOCH } from '../protocol/offset-for-leader-epoch.ts';
import { PRODUCE } from '../protocol/produce.ts';

const SPOKEN = [
  PRODUCE,
  FETCH,
  LIST_OFFSETS,
  METADATA,
  OFFSET_COMMIT,
  OFFSET_FETCH,
  FIND_COORDINATOR,
  DESCRIBE_GROUP,
  CREATE_TOPICS,
  INIT_PRODUCER_ID,
  OFFSET_FOR_LEADER_EPOCH,
  DESCRIBE_CONFIGS,
  CREATE_PARTITIONS,
  DESCRIBE_PRODUCERS,
  DESCRIBE_CONSUMER_GROUP,
  CONSUMER_GROUP_HEARTBEAT,
];

/** Kafka's keys of the calls that tell what a cluster can do: without the first two exact publishing is not possible. */
export const API_KEY = {
  OFFSET_FOR_LEADER_EPOCH: OFFSET_FOR_LEADER_EPOCH.key,
  DESCRIBE_PRODUCERS: DESCRIBE_PRODUCERS.key,
  INIT_PRODUCER_ID: INIT_PRODUCER_ID.key,
  CREATE_TOPICS: CREATE_TOPICS.key,
  CONSUMER_GROUP_HEARTBEAT: CONSUMER_GROUP_HEARTBEAT.key,
} as const;

/** Versions that this client and a broker both speak; calls without any are left out. */
export function abilities(theirs: ReadonlyMap<number, VersionRange>): ReadonlyMap<number, VersionRange> {
  const both = new Map<number, VersionRange>();
  for (const { key, min, max } of SPOKEN) {
    const range = theirs.get(key);
    if (range === undefined || range.max < min || range.min > max) continue;
    both.set(key, { min: Math.max(min, range.min), max: Math.min(max, range.max) });
  }
  return both;
}
