import { TidemarkError } from '#libs/foundation/kernel';
import { type GroupMembership, KAFKA_ERROR, type MemberOffset } from '#libs/foundation/kafka';
import type { OffsetCommit } from '../groups/group.ts';
import { partitionKey, type TopicPartition } from '../groups/topic-partition.ts';
import type { HeldPartition, HeldPartitions } from './held-partitions.ts';
import { commitError, fenced, isFenced, isOvertaken } from './member-answers.ts';
import { committedOrStart, type OffsetAccess } from './member-offsets.ts';

export interface CommitHooks {
  /** Throws when the membership has ended. */
  membership(): GroupMembership;
  /** Resolves when the member knows a later epoch than this one. */
  catchUp(refusedEpoch: number): Promise<void>;
  end(errorCode: number): void;
}

interface HeldCommit {
  readonly held: HeldPartition;
  readonly nextOffset: bigint;
  readonly metadata: string;
}

/** The group may move on between an answer and the commit behind it; so often in a row it does not. */
const ATTEMPTS = 5;

/** Commits of one member, for partitions that it holds. */
export class MemberCommits {
  readonly #access: OffsetAccess;
  readonly #held: HeldPartitions;
  readonly #hooks: CommitHooks;

  constructor(access: OffsetAccess, held: HeldPartitions, hooks: CommitHooks) {
    this.#access = access;
    this.#held = held;
    this.#hooks = hooks;
  }

  /**
   * Throws GROUP_FENCED, then nothing is committed; GROUP_INVALID for an offset before the committed one;
   * KAFKA_UNREACHABLE when there is no answer: it may be committed nevertheless.
   */
  async commit(offsets: readonly OffsetCommit[]): Promise<void> {
    await this.#resolveDoubts(offsets);
    this.#refuseGoingBack(offsets);
    await this.#untilTaken(offsets);
  }

  /**
   * The log of a partition has lost its end: what lay there is gone, and other records will have its offsets. Commits the
   * end, if the group has committed more than that.
   */
  async rewind(partition: TopicPartition, endOffset: bigint): Promise<void> {
    const held = this.#held.at(partition);
    if (held === undefined || held.nextOffset <= endOffset) return;
    this.#held.committed(held, { nextOffset: endOffset, metadata: held.metadata });
    await this.#untilTaken([{ ...held, nextOffset: endOffset }]);
  }

  async #untilTaken(offsets: readonly OffsetCommit[]): Promise<void> {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const member = this.#hooks.membership();
      const outcome = await this.#attempt(member, offsets);
      if (outcome === 'committed') return;
      await this.#hooks.catchUp(member.memberEpoch);
    }
    throw new TidemarkError(
      'KAFKA_UNREACHABLE',
      `group ${this.#hooks.membership().group} has refused a commit ${ATTEMPTS} times in a row because its members change; try again`,
    );
  }

  async #attempt(member: GroupMembership, offsets: readonly OffsetCommit[]): Promise<'committed' | 'stale'> {
    // A later commit may have been taken while this one waited for the epoch.
    const commits = this.#owned(member, offsets).filter(({ held, nextOffset }) => nextOffset >= held.nextOffset);
    if (commits.length === 0) return 'committed';
    const outcomes = await this.#send(member, commits);
    const codes = new Map(outcomes.map((outcome) => [partitionKey(outcome), outcome.errorCode]));
    if (outcomes.some(({ errorCode }) => isOvertaken(errorCode))) return 'stale';
    const end = outcomes.find(({ errorCode }) => isFenced(errorCode));
    if (end !== undefined) {
      this.#hooks.end(end.errorCode);
      throw fenced(member, 'is not a member any more: its commit is refused');
    }
    let failure: TidemarkError | undefined;
    for (const { held, nextOffset, metadata } of commits) {
      const errorCode = codes.get(partitionKey(held)) ?? KAFKA_ERROR.UNKNOWN_SERVER_ERROR;
      if (errorCode === KAFKA_ERROR.NONE) this.#held.committed(held, { nextOffset, metadata });
      else failure ??= commitError(member, partitionKey(held), errorCode);
    }
    if (failure !== undefined) throw failure;
    return 'committed';
  }

  async #send(
    member: GroupMembership,
    commits: readonly HeldCommit[],
  ): ReturnType<OffsetAccess['client']['commitMemberOffsets']> {
    const offsets = commits.map(({ held, nextOffset, metadata }): MemberOffset => {
      const { topic, topicId, partition } = held;
      return { topic, topicId, partition, offset: nextOffset, metadata };
    });
    try {
      return await this.#access.client.commitMemberOffsets(member, offsets);
    } catch (error) {
      for (const { held } of commits) this.#held.doubt(held);
      throw error;
    }
  }

  /** Kafka does not look at what it has: a commit that comes twice, or too late, must not win over a later one. */
  #refuseGoingBack(offsets: readonly OffsetCommit[]): void {
    const member = this.#hooks.membership();
    const back = this.#owned(member, offsets).find(({ held, nextOffset }) => nextOffset < held.nextOffset);
    if (back === undefined) return;
    throw new TidemarkError(
      'GROUP_INVALID',
      `group ${member.group}: ${partitionKey(back.held)} is committed up to ${back.held.nextOffset}, ${back.nextOffset} would go back`,
      { remedy: 'Commit the offsets of a partition in their order; reset a group while it has no members.' },
    );
  }

  async #resolveDoubts(offsets: readonly OffsetCommit[]): Promise<void> {
    const member = this.#hooks.membership();
    const doubtful = this.#owned(member, offsets).filter(({ held }) => held.isDoubtful);
    if (doubtful.length === 0) return;
    const places = doubtful.map(({ held }) => held);
    const known = await committedOrStart(this.#access, member, places);
    for (const held of places) {
      const offset = known.get(partitionKey(held));
      if (offset !== undefined) this.#held.committed(held, offset);
    }
  }

  #owned(member: GroupMembership, offsets: readonly OffsetCommit[]): HeldCommit[] {
    return offsets.map((offset) => {
      const held = this.#held.find(offset, offset.assignmentEpoch);
      if (held === undefined) throw fenced(member, `does not own ${partitionKey(offset)} any more`);
      return { held, nextOffset: offset.nextOffset, metadata: offset.metadata ?? held.metadata };
    });
  }
}
