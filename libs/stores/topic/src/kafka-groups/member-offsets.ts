import { TidemarkError } from '#libs/foundation/kernel';
import {
  type FoundOffset,
  type GroupMembership,
  KAFKA_ERROR,
  type KafkaClient,
  type KafkaGroupClient,
  kafkaErrorName,
  type MemberOffset,
} from '#libs/foundation/kafka';
import type { GroupStart } from '../groups/group.ts';
import { partitionKey } from '../groups/topic-partition.ts';
import type { AssignedPartition, CommittedOffset } from './held-partitions.ts';
import { fenced, isFenced, isOvertaken } from './member-answers.ts';
import { startOffsets } from './start-offsets.ts';
import type { TopicDirectory } from './topic-directory.ts';

export interface OffsetAccess {
  readonly client: KafkaGroupClient & Pick<KafkaClient, 'listOffsets'>;
  readonly directory: TopicDirectory;
  readonly start: GroupStart;
  readonly now: () => Date;
}

/** By partitionKey. */
export type Committed = ReadonlyMap<string, CommittedOffset>;

/**
 * What the group has committed of partitions. Where it has committed nothing, where it starts, and that is committed at
 * once: were it decided each time that somebody takes the partition, a group that starts at the end would pass over what
 * was written meanwhile. Missing are those that have no answer now (a transaction is about to commit their offset, they
 * have no leader): they are asked for again.
 */
export async function committedOrStart(
  access: OffsetAccess,
  member: GroupMembership,
  partitions: readonly AssignedPartition[],
): Promise<Committed> {
  const found = await readOffsets(access, member, partitions);
  const known = new Map<string, CommittedOffset>();
  for (const each of found) {
    if (each.errorCode !== KAFKA_ERROR.NONE || each.offset < 0n) continue;
    known.set(partitionKey(each), { nextOffset: each.offset, metadata: each.metadata ?? '' });
  }
  const answered = new Set(found.filter((each) => each.errorCode === KAFKA_ERROR.NONE).map(partitionKey));
  if (found.some((each) => each.errorCode === KAFKA_ERROR.UNKNOWN_TOPIC_ID)) access.directory.distrust();
  const fresh = partitions.filter((each) => answered.has(partitionKey(each)) && !known.has(partitionKey(each)));
  if (fresh.length === 0) return known;
  const elsewhere = access.start.from === 'latest' ? await readOffsets(access, member, siblings(access, fresh)) : [];
  const starts = await startOffsets({ ...access, now: access.now() }, fresh, elsewhere);
  for (const [key, start] of await commitStarts(access, member, fresh, starts)) known.set(key, start);
  return known;
}

async function readOffsets(
  { client }: OffsetAccess,
  member: GroupMembership,
  of: readonly AssignedPartition[],
): Promise<readonly FoundOffset[]> {
  if (of.length === 0) return [];
  const { errorCode, offsets } = await client.memberOffsets(member, of);
  if (errorCode !== KAFKA_ERROR.NONE) throw refused(member, 'OffsetFetch', errorCode);
  return offsets;
}

/** All partitions of their topics. */
function siblings({ directory }: OffsetAccess, of: readonly AssignedPartition[]): AssignedPartition[] {
  const topics = new Map(of.map(({ topic, topicId }) => [topic, topicId]));
  return [...topics].flatMap(([topic, topicId]) =>
    (directory.find(topic)?.partitions ?? []).map(({ partition }) => ({ topic, topicId, partition })),
  );
}

async function commitStarts(
  { client }: OffsetAccess,
  member: GroupMembership,
  fresh: readonly AssignedPartition[],
  starts: Committed,
): Promise<Map<string, CommittedOffset>> {
  const offsets = fresh.flatMap((each): MemberOffset[] => {
    const start = starts.get(partitionKey(each));
    return start === undefined ? [] : [{ ...each, offset: start.nextOffset, metadata: start.metadata }];
  });
  if (offsets.length === 0) return new Map();
  const outcomes = await client.commitMemberOffsets(member, offsets);
  const stored = new Map<string, CommittedOffset>();
  for (const outcome of outcomes) {
    const start = starts.get(partitionKey(outcome));
    if (outcome.errorCode === KAFKA_ERROR.NONE && start !== undefined) stored.set(partitionKey(outcome), start);
  }
  return stored;
}

function refused(member: GroupMembership, call: string, errorCode: number): TidemarkError {
  if (isFenced(errorCode)) return fenced(member, `is not a member any more: ${call} is refused`);
  const name = kafkaErrorName(errorCode);
  const text = `group ${member.group}: ${call} is refused with ${name}`;
  const context = { group: member.group, call, kafkaError: name, kafkaErrorCode: errorCode };
  return new TidemarkError(isOvertaken(errorCode) ? 'KAFKA_UNREACHABLE' : 'KAFKA_REFUSED', text, { context });
}
