import type { FoundOffset, KafkaClient } from '#libs/foundation/kafka';
import type { GroupStart, StartOffset } from '../groups/group.ts';
import { partitionKey, type TopicPartition } from '../groups/topic-partition.ts';
import type { CommittedOffset } from './held-partitions.ts';
import { listOffsets } from './list-offsets.ts';
import { readStartMark, startMark } from './start-mark.ts';
import type { TopicDirectory } from './topic-directory.ts';

export interface StartSettings {
  readonly client: Pick<KafkaClient, 'listOffsets'>;
  readonly directory: TopicDirectory;
  readonly start: GroupStart;
  readonly now: Date;
}

/**
 * Where partitions start of which the group has committed nothing, by partitionKey; those are missing whose leader has no
 * answer now. `elsewhere`: what the group has committed of other partitions of the same topics; only looked at by a group
 * that starts at the end, whose other members may have begun a moment ago.
 */
export async function startOffsets(
  settings: StartSettings,
  partitions: readonly TopicPartition[],
  elsewhere: readonly FoundOffset[],
): Promise<Map<string, CommittedOffset>> {
  const { start, now } = settings;
  if (start.from === 'earliest') return await at(settings, partitions, 'earliest', '');
  if (start.from === 'time') return await since(settings, partitions, start.time, '');
  if (start.from === 'offset') return await given(settings, partitions, start.offsets);
  return await atTheEnd(settings, partitions, elsewhere, now);
}

async function atTheEnd(
  settings: StartSettings,
  partitions: readonly TopicPartition[],
  elsewhere: readonly FoundOffset[],
  now: Date,
): Promise<Map<string, CommittedOffset>> {
  const starts = new Map<string, CommittedOffset>();
  const byTopic = new Map<string, TopicPartition[]>();
  for (const each of partitions) byTopic.set(each.topic, [...(byTopic.get(each.topic) ?? []), each]);
  for (const [topic, its] of byTopic) {
    const committed = elsewhere.filter((each) => each.topic === topic && each.errorCode === 0 && each.offset >= 0n);
    const found = await startsOfTopic(settings, its, committed, now);
    for (const [key, start] of found) starts.set(key, start);
  }
  return starts;
}

async function startsOfTopic(
  settings: StartSettings,
  partitions: readonly TopicPartition[],
  committed: readonly FoundOffset[],
  now: Date,
): Promise<Map<string, CommittedOffset>> {
  if (committed.length === 0) return await at(settings, partitions, 'latest', startMark(now));
  const began = committed.map((each) => readStartMark(each.metadata)).filter((mark) => mark !== null);
  // Others, or an application with metadata of its own, wrote these offsets: the partition was added, nothing of it is old.
  if (began.length === 0) return await at(settings, partitions, 'earliest', '');
  const first = began.reduce((a, b) => (a < b ? a : b));
  return await since(settings, partitions, first, startMark(first));
}

async function given(
  settings: StartSettings,
  partitions: readonly TopicPartition[],
  offsets: readonly StartOffset[],
): Promise<Map<string, CommittedOffset>> {
  const named = new Map(offsets.map((each) => [partitionKey(each), { nextOffset: each.offset, metadata: '' }]));
  const rest = partitions.filter((each) => !named.has(partitionKey(each)));
  const starts = rest.length === 0 ? new Map<string, CommittedOffset>() : await at(settings, rest, 'earliest', '');
  for (const key of partitions.map(partitionKey)) {
    const start = named.get(key);
    if (start !== undefined) starts.set(key, start);
  }
  return starts;
}

async function at(
  { client, directory }: StartSettings,
  partitions: readonly TopicPartition[],
  end: 'earliest' | 'latest',
  metadata: string,
): Promise<Map<string, CommittedOffset>> {
  const found = await listOffsets(client, directory, partitions, end);
  return new Map([...found].map(([key, nextOffset]) => [key, { nextOffset, metadata }]));
}

async function since(
  settings: StartSettings,
  partitions: readonly TopicPartition[],
  time: Date,
  metadata: string,
): Promise<Map<string, CommittedOffset>> {
  const { client, directory } = settings;
  const found = await listOffsets(client, directory, partitions, { timestampMs: time.getTime() });
  const older = partitions.filter((each) => (found.get(partitionKey(each)) ?? 0n) < 0n);
  const ends = older.length === 0 ? new Map<string, bigint>() : await listOffsets(client, directory, older, 'latest');
  const starts = new Map<string, CommittedOffset>();
  for (const [key, offset] of found) {
    const nextOffset = offset >= 0n ? offset : ends.get(key);
    if (nextOffset !== undefined) starts.set(key, { nextOffset, metadata });
  }
  return starts;
}
