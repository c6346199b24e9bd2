import type { GroupMembership } from '#libs/foundation/kafka';
import type { GroupView, OwnedPartition } from '../groups/group.ts';
import { partitionKey, type TopicPartition } from '../groups/topic-partition.ts';
import { type AssignedPartition, HeldPartitions } from './held-partitions.ts';
import { type CommitHooks, MemberCommits } from './member-commits.ts';
import { committedOrStart, type OffsetAccess } from './member-offsets.ts';

export interface PartitionsHooks extends CommitHooks {
  /** What went wrong beside a heartbeat that succeeded; it is tried again with the next one. */
  trouble(error: unknown): void;
}

/** What a member does with the partitions that its group assigns to it, whatever the protocol by which it is told. */
export class MemberPartitions {
  readonly held = new HeldPartitions();
  readonly commits: MemberCommits;
  readonly #access: OffsetAccess;
  readonly #hooks: PartitionsHooks;
  /** What the last answer wanted to have given up, by the numbers of its ownerships. */
  #revoking: ReadonlySet<bigint> = new Set();

  constructor(access: OffsetAccess, hooks: PartitionsHooks) {
    this.#access = access;
    this.#hooks = hooks;
    this.commits = new MemberCommits(access, this.held, hooks);
  }

  /** Brings what is held in line with what is assigned; what is missing there is to be released. `topics`: the subscription. */
  async apply(
    assigned: readonly AssignedPartition[],
    topics: readonly string[],
  ): Promise<Pick<GroupView, 'owned' | 'revoke' | 'waiting' | 'unknownTopics'>> {
    await this.#dropForsaken(assigned, topics);
    const { revoke, free } = this.held.compare(assigned);
    const waiting = await this.#take(free);
    return {
      owned: this.held.all().map(ownedOf),
      revoke: revoke.map(placeOf),
      waiting,
      unknownTopics: topics.filter((topic) => this.#access.directory.find(topic) === undefined),
    };
  }

  /** Partitions of topics that are gone: nothing of them can be committed any more, so nobody waits until they are given up. */
  async #dropForsaken(assigned: readonly AssignedPartition[], topics: readonly string[]): Promise<void> {
    const { directory } = this.#access;
    const revoke = new Set(this.held.compare(assigned).revoke.map((held) => held.assignmentEpoch));
    const isNews = [...revoke].some((assignmentEpoch) => !this.#revoking.has(assignmentEpoch));
    this.#revoking = revoke;
    if (!isNews) return;
    directory.distrust();
    await directory.look(topics);
    const forsaken = this.held
      .all()
      .filter((held) => revoke.has(held.assignmentEpoch) && directory.find(held.topic)?.id !== held.topicId);
    this.held.release(forsaken);
  }

  /** Takes what is free and known well enough, and reads doubtful offsets again; answers what has to wait. */
  async #take(free: readonly AssignedPartition[]): Promise<TopicPartition[]> {
    const doubtful = this.held.all().filter((held) => held.isDoubtful);
    if (free.length + doubtful.length === 0) return [];
    try {
      const member: GroupMembership = this.#hooks.membership();
      const known = await committedOrStart(this.#access, member, [...free, ...doubtful]);
      for (const held of doubtful) {
        const offset = known.get(partitionKey(held));
        if (offset !== undefined) this.held.committed(held, offset);
      }
      for (const partition of free) {
        const offset = known.get(partitionKey(partition));
        if (offset !== undefined) this.held.take(partition, offset);
      }
      return free.filter((partition) => !known.has(partitionKey(partition))).map(placeOf);
    } catch (error) {
      // The heartbeat has succeeded: the rest of its answer counts all the same.
      this.#hooks.trouble(error);
      return free.map(placeOf);
    }
  }
}

function placeOf({ topic, partition }: TopicPartition): TopicPartition {
  return { topic, partition };
}

function ownedOf({ topic, partition, assignmentEpoch, nextOffset }: OwnedPartition): OwnedPartition {
  return { topic, partition, assignmentEpoch, nextOffset };
}
