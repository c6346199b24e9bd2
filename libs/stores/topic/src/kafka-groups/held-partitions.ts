import type { OwnedPartition, Release } from '../groups/group.ts';
import { partitionKey, type TopicPartition } from '../groups/topic-partition.ts';

/** A partition of the topic that has this id: one that is created again under the name is another one. */
export interface AssignedPartition extends TopicPartition {
  readonly topicId: string;
}

/** A partition that a member owns, with what it has committed. */
export interface HeldPartition extends AssignedPartition, OwnedPartition {
  /** Kept beside the offset; a commit without metadata of its own repeats it. */
  readonly metadata: string;
  /** A commit may or may not have taken place: what is committed has to be read. */
  readonly isDoubtful: boolean;
}

/** What is committed of a partition. */
export interface CommittedOffset {
  readonly nextOffset: bigint;
  readonly metadata: string;
}

/**
 * The partitions that a member of a Kafka group owns. From the moment it takes one until it releases it, or the group
 * does not count it among its members any more, no other member gets it. Each time of owning has a number of its own.
 */
export class HeldPartitions {
  readonly #held = new Map<string, HeldPartition>();
  #ownerships = 0n;

  all(): HeldPartition[] {
    return [...this.#held.values()];
  }

  at(partition: TopicPartition): HeldPartition | undefined {
    return this.#held.get(partitionKey(partition));
  }

  /** Undefined unless it is held, and under this number. */
  find(partition: TopicPartition, assignmentEpoch: bigint): HeldPartition | undefined {
    const held = this.at(partition);
    return held?.assignmentEpoch === assignmentEpoch ? held : undefined;
  }

  /** Ends ownerships; passes over those that have ended already. */
  release(releases: readonly Release[]): void {
    for (const release of releases) {
      if (this.find(release, release.assignmentEpoch) !== undefined) this.#held.delete(partitionKey(release));
    }
  }

  /** Compares with what the group assigns now: what is to be given up, and what may be taken. */
  compare(assignment: readonly AssignedPartition[]): {
    readonly revoke: readonly HeldPartition[];
    readonly free: readonly AssignedPartition[];
  } {
    const assigned = new Map(assignment.map((each) => [partitionKey(each), each.topicId]));
    return {
      revoke: this.all().filter((held) => assigned.get(partitionKey(held)) !== held.topicId),
      // One of a former topic of that name has to be given up first.
      free: assignment.filter((each) => !this.#held.has(partitionKey(each))),
    };
  }

  take(partition: AssignedPartition, committed: CommittedOffset): void {
    this.#ownerships += 1n;
    const { topic, partition: number, topicId } = partition;
    const assignmentEpoch = this.#ownerships;
    this.#held.set(partitionKey(partition), {
      topic,
      partition: number,
      topicId,
      assignmentEpoch,
      ...committed,
      isDoubtful: false,
    });
  }

  /** Notes what is committed; does nothing when the ownership has ended. */
  committed(held: HeldPartition, committed: CommittedOffset): void {
    this.#change(held, { ...committed, isDoubtful: false });
  }

  /** A commit has no answer. */
  doubt(held: HeldPartition): void {
    this.#change(held, { isDoubtful: true });
  }

  clear(): void {
    this.#held.clear();
  }

  #change(held: HeldPartition, change: Partial<HeldPartition>): void {
    const present = this.find(held, held.assignmentEpoch);
    if (present !== undefined) this.#held.set(partitionKey(held), { ...present, ...change });
  }
}
