import type { TopicRecord } from '../record.ts';
import type { OwnedPartition } from './group.ts';
import { recordBytes } from './record-bytes.ts';

export interface TakeLimits {
  readonly maxRecords: number;
  readonly maxBytes: number;
}

/**
 * How far a member is in a partition that it owns: committed ≤ handed out ≤ fetched, with the records between the last
 * two in memory. One ownership has one of these: a partition that comes back begins anew.
 */
export class PartitionWork {
  readonly topic: string;
  readonly partition: number;
  readonly assignmentEpoch: bigint;
  #committed: bigint;
  #handed: bigint;
  #buffer: TopicRecord[] = [];
  #bytes = 0;
  #revokingSince: number | null = null;

  constructor(owned: OwnedPartition) {
    this.topic = owned.topic;
    this.partition = owned.partition;
    this.assignmentEpoch = owned.assignmentEpoch;
    this.#committed = owned.nextOffset;
    this.#handed = owned.nextOffset;
  }

  /** Where to read on. */
  get fetchOffset(): bigint {
    return this.#handed + BigInt(this.#buffer.length);
  }

  /** The offset after the last record that was handed out. */
  get handedOffset(): bigint {
    return this.#handed;
  }

  get bufferedBytes(): number {
    return this.#bytes;
  }

  get isRevoking(): boolean {
    return this.#revokingSince !== null;
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
    this.#drop();
    return true;
  }

  /** The group has decided again: the partition stays. */
  stopRevoking(): void {
    this.#revokingSince = null;
  }

  /** Takes records that were read from `fromOffset`; drops them when that is not where the partition is (any more). */
  accept(fromOffset: bigint, records: readonly TopicRecord[]): void {
    if (this.isRevoking || fromOffset !== this.fetchOffset) return;
    for (const record of records) {
      this.#buffer.push(record);
      this.#bytes += recordBytes(record);
    }
  }

  /** The next records within the limits; with `atLeastOne`, the first one whatever its size. */
  take(limits: TakeLimits, atLeastOne: boolean): { records: TopicRecord[]; bytes: number } {
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
    this.#handed += BigInt(count);
    return { records, bytes };
  }

  /** Notes a commit. One beyond what was handed out (of an earlier lease, say) means that the records between are done. */
  committed(nextOffset: bigint): void {
    if (nextOffset > this.#committed) this.#committed = nextOffset;
    if (nextOffset <= this.#handed) return;
    this.#drop();
    this.#handed = nextOffset;
  }

  /** Goes on at another offset; records in memory are dropped. Going back makes what follows uncommitted. */
  seek(offset: bigint): void {
    this.#drop();
    this.#handed = offset;
    if (offset < this.#committed) this.#committed = offset;
  }

  /** Passes over records that retention has dropped. */
  skipTo(offset: bigint): void {
    const done = this.isDone;
    this.#drop();
    this.#handed = offset;
    if (done) this.#committed = offset;
  }

  #drop(): void {
    this.#buffer = [];
    this.#bytes = 0;
  }
}
