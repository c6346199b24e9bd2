import type { OwnedPartition } from './group.ts';
import type { RecordRead } from './ports.ts';
import { recordBytes } from './record-bytes.ts';
import type { TopicRecord } from '../record.ts';

export interface TakeLimits {
  readonly maxRecords: number;
  readonly maxBytes: number;
}

/** Records that were taken out, in order. */
export interface TakenRecords {
  readonly records: readonly TopicRecord[];
  readonly bytes: number;
  /** What may be committed when all of them are handled: after the last one, and after a hole behind it that is known. */
  readonly nextOffset: bigint;
}

/**
 * How far a member is in a partition that it owns: committed ≤ handed out ≤ fetched, with the records between the last
 * two in memory. Offsets may have holes, so that only the source knows where to read on. One ownership has one of these:
 * a partition that comes back begins anew.
 */
export class PartitionWork {
  readonly topic: string;
  readonly partition: number;
  readonly assignmentEpoch: bigint;
  #committed: bigint;
  /** After the last record that was handed out. */
  #handed: bigint;
  /** After the last record in memory, and after what the source knows to be empty behind it. */
  #fetched: bigint;
  #buffer: TopicRecord[] = [];
  #bytes = 0;
  #revokingSince: number | null = null;
  #paused = false;

  constructor(owned: OwnedPartition) {
    this.topic = owned.topic;
    this.partition = owned.partition;
    this.assignmentEpoch = owned.assignmentEpoch;
    this.#committed = owned.nextOffset;
    this.#handed = owned.nextOffset;
    this.#fetched = owned.nextOffset;
  }

  /** Where to read on. */
  get fetchOffset(): bigint {
    return this.#fetched;
  }

  /** What may be committed when everything that was handed out is handled: no record below it is left. */
  get committableOffset(): bigint {
    return this.#buffer.length === 0 ? this.#fetched : this.#handed;
  }

  /** The highest offset that was committed, or where the ownership began. */
  get committedOffset(): bigint {
    return this.#committed;
  }

  get bufferedBytes(): number {
    return this.#bytes;
  }

  get isRevoking(): boolean {
    return this.#revokingSince !== null;
  }

  /** True when nothing of the partition may be handed out now, nor read ahead. */
  get isHeld(): boolean {
    return this.#paused || this.isRevoking;
  }

  /** True when every record that was handed out is committed. */
  get isDone(): boolean {
    return this.#handed <= this.#committed;
  }

  /** True when the partition can be given up: its records are committed, or have had their time. */
  mayRelease(now: number, drainMs: number): boolean {
    return this.#revokingSince !== null && (this.isDone || now - this.#revokingSince >= drainMs);
  }

  /** Nothing more is handed out; what was not handed out is dropped. True at the first call. */
  startRevoking(now: number): boolean {
    if (this.#revokingSince !== null) return false;
    this.#revokingSince = now;
    this.#dropBuffer();
    return true;
  }

  /** The group has decided again: the partition stays. */
  stopRevoking(): void {
    this.#revokingSince = null;
  }

  /** Until `resume`, nothing is handed out. What is in memory stays: consumers pause for moments, and reading again costs more. */
  pause(): void {
    this.#paused = true;
  }

  /** Gives the room of a paused partition to the others. What is dropped is read again. */
  dropIfPaused(): void {
    if (this.#paused) this.#dropBuffer();
  }

  resume(): void {
    this.#paused = false;
  }

  /** Takes what was read from `fromOffset`; drops it when that is not where the partition is (any more), or goes on elsewhere. */
  accept(fromOffset: bigint, read: RecordRead): void {
    if (this.isRevoking || fromOffset !== this.#fetched) return;
    for (const record of read.records) {
      this.#buffer.push(record);
      this.#bytes += recordBytes(record);
    }
    this.#fetched = read.nextOffset;
  }

  /** The next records within the limits, none while it is held; with `atLeastOne`, the first one whatever its size. */
  take(limits: TakeLimits, atLeastOne: boolean): TakenRecords {
    if (this.isHeld) return { records: [], bytes: 0, nextOffset: this.committableOffset };
    let bytes = 0;
    let count = 0;
    while (count < this.#buffer.length && count < limits.maxRecords) {
      const size = recordBytes(this.#buffer[count]!);
      if (bytes + size > limits.maxBytes && !(atLeastOne && count === 0)) break;
      bytes += size;
      count += 1;
    }
    const records = this.#buffer.slice(0, count);
    this.#buffer = this.#buffer.slice(count);
    this.#bytes -= bytes;
    const last = records.at(-1);
    if (last !== undefined) this.#handed = last.offset + 1n;
    return { records, bytes, nextOffset: this.committableOffset };
  }

  /** Notes a commit. One beyond what was handed out (of an earlier lease, say) means that the records between are done. */
  committed(nextOffset: bigint): void {
    if (nextOffset > this.#committed) this.#committed = nextOffset;
    const isAhead = nextOffset > this.#fetched || (this.#buffer[0]?.offset ?? nextOffset) < nextOffset;
    if (isAhead) this.#goTo(nextOffset);
  }

  /** Goes on at another offset; records in memory are dropped. Going back makes what follows uncommitted. */
  seek(offset: bigint): void {
    this.#goTo(offset);
    if (offset < this.#committed) this.#committed = offset;
  }

  /** Passes over records that retention has dropped. */
  skipTo(offset: bigint): void {
    this.#buffer = [];
    this.#bytes = 0;
    this.#fetched = offset;
  }

  #goTo(offset: bigint): void {
    this.#handed = offset;
    this.skipTo(offset);
  }

  /** What was dropped is read again, if at all: reading goes on behind what was handed out. */
  #dropBuffer(): void {
    const first = this.#buffer[0];
    if (first !== undefined) this.skipTo(first.offset);
  }
}
