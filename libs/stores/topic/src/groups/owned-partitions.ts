import type { TopicRecord } from '../record.ts';
import type { GroupView, OffsetCommit, OwnedPartition, Release } from './group.ts';
import { PartitionWork, type TakeLimits } from './partition-work.ts';
import { partitionKey, type TopicPartition } from './topic-partition.ts';

/** Records of one partition, in order. */
export interface PolledPartition extends TopicPartition {
  readonly records: readonly TopicRecord[];
  /** What to commit when all of them are handled: behind the last one, and behind the hole that follows it, if one does. */
  readonly nextOffset: bigint;
}

/** What a view of the group changes for a member. */
export interface OwnershipChange {
  readonly assigned: readonly OwnedPartition[];
  readonly revoking: readonly TopicPartition[];
  readonly gone: readonly TopicPartition[];
}

/** What a member owns, as far as it knows. No clock, no I/O: times and views are arguments. */
export class OwnedPartitions {
  readonly #works = new Map<string, PartitionWork>();
  #turn = 0;

  get size(): number {
    return this.#works.size;
  }

  get bufferedBytes(): number {
    let bytes = 0;
    for (const work of this.#works.values()) bytes += work.bufferedBytes;
    return bytes;
  }

  find(partition: TopicPartition): PartitionWork | undefined {
    return this.#works.get(partitionKey(partition));
  }

  /** Brings the partitions in line with what the group says. */
  apply(view: GroupView, now: number): OwnershipChange {
    const owned = new Map(view.owned.map((partition) => [partitionKey(partition), partition]));
    const revoke = new Set(view.revoke.map(partitionKey));
    const gone: TopicPartition[] = [];
    for (const [key, work] of this.#works) {
      if (owned.get(key)?.assignmentEpoch === work.assignmentEpoch) continue;
      this.#works.delete(key);
      gone.push(placeOf(work));
    }
    const assigned: OwnedPartition[] = [];
    const revoking: TopicPartition[] = [];
    for (const [key, partition] of owned) {
      let work = this.#works.get(key);
      if (work === undefined) {
        work = new PartitionWork(partition);
        this.#works.set(key, work);
        assigned.push(partition);
      }
      if (!revoke.has(key)) work.stopRevoking();
      else if (work.startRevoking(now)) revoking.push(placeOf(work));
    }
    return { assigned, revoking, gone };
  }

  /** Forgets everything, with all records in memory; answers what it was. */
  dropAll(): TopicPartition[] {
    const gone = [...this.#works.values()].map(placeOf);
    this.#works.clear();
    return gone;
  }

  /** What can be given up now. */
  releasable(now: number, drainMs: number): Release[] {
    return [...this.#works.values()]
      .filter((work) => work.mayRelease(now, drainMs))
      .map((work) => ({ ...placeOf(work), assignmentEpoch: work.assignmentEpoch }));
  }

  /** What has been handed out, or passed over because nothing is there, and not committed. */
  uncommitted(): OffsetCommit[] {
    return [...this.#works.values()]
      .filter((work) => work.committedOffset < work.committableOffset)
      .map((work) => ({ ...placeOf(work), assignmentEpoch: work.assignmentEpoch, nextOffset: work.committableOffset }));
  }

  /** Notes commits; those of an ownership that has ended are passed over. */
  committed(offsets: readonly OffsetCommit[]): void {
    for (const offset of offsets) {
      const work = this.find(offset);
      if (work?.assignmentEpoch === offset.assignmentEpoch) work.committed(offset.nextOffset);
    }
  }

  /** Gives the memory of paused partitions to the others. */
  dropPaused(): void {
    for (const work of this.#works.values()) work.dropIfPaused();
  }

  /** Those that have nothing in memory and may be read on, beginning with another one each time. */
  hungry(): PartitionWork[] {
    return this.#inTurn().filter((work) => !work.isHeld && work.bufferedBytes === 0);
  }

  /** Records from memory, of as many partitions as the limits allow, beginning with another one each time. */
  take(limits: TakeLimits): PolledPartition[] {
    const taken: PolledPartition[] = [];
    let { maxRecords, maxBytes } = limits;
    for (const work of this.#inTurn()) {
      if (maxRecords <= 0 || maxBytes <= 0) break;
      const { records, bytes, nextOffset } = work.take({ maxRecords, maxBytes }, taken.length === 0);
      if (records.length === 0) continue;
      taken.push({ ...placeOf(work), records, nextOffset });
      maxRecords -= records.length;
      maxBytes -= bytes;
    }
    if (taken.length > 0) this.#turn += 1;
    return taken;
  }

  #inTurn(): PartitionWork[] {
    const works = [...this.#works.values()];
    const first = works.length === 0 ? 0 : this.#turn % works.length;
    return [...works.slice(first), ...works.slice(0, first)];
  }
}

function placeOf(work: TopicPartition): TopicPartition {
  return { topic: work.topic, partition: work.partition };
}
