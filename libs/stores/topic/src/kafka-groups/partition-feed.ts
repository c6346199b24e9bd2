import type { FetchedPartition, FetchedRecord } from '#libs/foundation/kafka';
import type { TopicPartition } from '../groups/topic-partition.ts';

/** What a reader gets of a feed. */
export interface FeedRead {
  readonly records: readonly FetchedRecord[];
  readonly nextOffset: bigint;
}

export interface FeedPlace extends TopicPartition {
  /** The topic that is read, as long as it is there. */
  readonly topicId: string;
}

/**
 * What was fetched of one partition ahead of its reader. The reader says where it is with each read, and the feed follows
 * it: whatever was fetched for another place is dropped.
 */
export class PartitionFeed {
  readonly place: FeedPlace;
  /** What the log had when it was asked last; the end only after it turned out to lie before the reader. */
  startOffset = 0n;
  truncatedAt: bigint | null = null;
  /** The last read, by the clock of the source. */
  wantedAt: number;
  /** Not fetched before, by the clock of the source. */
  restsUntil = Number.NEGATIVE_INFINITY;
  #head: bigint;
  #next: bigint;
  #records: FetchedRecord[] = [];
  #bytes = 0;
  #isLost = false;

  constructor(place: FeedPlace, offset: bigint, now: number) {
    this.place = place;
    this.wantedAt = now;
    this.#head = offset;
    this.#next = offset;
  }

  /** Where to fetch on. */
  get fetchOffset(): bigint {
    return this.#next;
  }

  get bufferedBytes(): number {
    return this.#bytes;
  }

  /** False while the log has nothing at the reader's place, which has to look for another one. */
  get isFetchable(): boolean {
    return !this.#isLost;
  }

  /** What is there from an offset on. */
  read(offset: bigint, limits: { readonly maxRecords: number; readonly maxBytes: number }, now: number): FeedRead {
    this.wantedAt = now;
    if (offset !== this.#head) this.#goTo(offset);
    let bytes = 0;
    let count = 0;
    for (const record of this.#records) {
      const size = sizeOf(record);
      if (count >= limits.maxRecords || (count > 0 && bytes + size > limits.maxBytes)) break;
      bytes += size;
      count += 1;
    }
    const records = this.#records.slice(0, count);
    this.#records = this.#records.slice(count);
    this.#bytes -= bytes;
    const last = records.at(-1);
    this.#head = last === undefined || this.#records.length === 0 ? this.#next : last.offset + 1n;
    return { records, nextOffset: this.#head };
  }

  /** Takes what was fetched from an offset on, unless the reader has gone elsewhere. True when there is something new. */
  accept(fetchedFrom: bigint, fetched: FetchedPartition): boolean {
    if (fetched.logStartOffset >= 0n) this.startOffset = fetched.logStartOffset;
    if (fetchedFrom !== this.#next || fetched.nextOffset === this.#next) return false;
    for (const record of fetched.records) {
      this.#records.push(record);
      this.#bytes += sizeOf(record);
    }
    this.#next = fetched.nextOffset;
    return true;
  }

  /** The log does not have the offset that was fetched: it has been cut at one of its ends. */
  outOfRange(fetchedFrom: bigint, range: { readonly startOffset: bigint; readonly endOffset: bigint }): void {
    if (fetchedFrom !== this.#next) return;
    this.startOffset = range.startOffset;
    if (fetchedFrom > range.endOffset) this.truncatedAt = range.endOffset;
    this.#isLost = fetchedFrom < range.startOffset || fetchedFrom > range.endOffset;
  }

  #goTo(offset: bigint): void {
    this.#head = offset;
    this.#next = offset;
    this.#records = [];
    this.#bytes = 0;
    this.#isLost = false;
    this.truncatedAt = null;
  }
}

/** What a record counts against limits in bytes. */
function sizeOf(record: FetchedRecord): number {
  let bytes = 200 + (record.key?.length ?? 0) + (record.value?.length ?? 0);
  for (const [name, value] of record.headers) bytes += name.length + (value?.length ?? 0);
  return bytes;
}
