import type { OwnedPartitions } from './owned-partitions.ts';
import type { PartitionWork } from './partition-work.ts';
import type { ReadRange, RecordSource } from './ports.ts';
import type { TopicPartition } from './topic-partition.ts';

export interface FetchLimits {
  readonly bufferMaxBytes: number;
  readonly fetchMaxBytes: number;
}

const FETCH_MAX_RECORDS = 5_000;

/** Reads owned partitions into memory, one read at a time, up to a number of bytes. */
export class RecordFetcher {
  readonly #source: RecordSource;
  readonly #owned: OwnedPartitions;
  readonly #limits: FetchLimits;
  readonly #onSkipped: (partition: TopicPartition, fromOffset: bigint, toOffset: bigint) => void;
  #running: Promise<boolean> | undefined;

  constructor(
    source: RecordSource,
    owned: OwnedPartitions,
    limits: FetchLimits,
    onSkipped: (partition: TopicPartition, fromOffset: bigint, toOffset: bigint) => void,
  ) {
    this.#source = source;
    this.#owned = owned;
    this.#limits = limits;
    this.#onSkipped = onSkipped;
  }

  /**
   * Reads what there is for partitions with nothing in memory. True when a read found nothing but a hole, with more
   * behind it: then another call may find records at once. Callers at the same time share one run.
   */
  fill(): Promise<boolean> {
    this.#running ??= this.#fill().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #fill(): Promise<boolean> {
    let passedHole = false;
    const ranges = new Map<string, readonly ReadRange[]>();
    for (const work of this.#owned.hungry()) {
      // Asked for before an earlier read of this run ended.
      if (work.isHeld) continue;
      if (this.#room() < this.#limits.fetchMaxBytes) this.#owned.dropPaused();
      if (this.#room() <= 0) break;
      let ofTopic = ranges.get(work.topic);
      if (ofTopic === undefined) {
        ofTopic = await this.#source.ranges(work.topic);
        ranges.set(work.topic, ofTopic);
      }
      const range = ofTopic.find((candidate) => candidate.partition === work.partition);
      if (range !== undefined && (await this.#read(work, range))) passedHole = true;
    }
    return passedHole;
  }

  #room(): number {
    return this.#limits.bufferMaxBytes - this.#owned.bufferedBytes;
  }

  /** True when there was a hole, with more behind it. */
  async #read(work: PartitionWork, range: ReadRange): Promise<boolean> {
    if (work.fetchOffset < range.startOffset) {
      this.#onSkipped({ topic: work.topic, partition: work.partition }, work.fetchOffset, range.startOffset);
      work.skipTo(range.startOffset);
    }
    if (range.hasLostItsEnd === true && work.fetchOffset > range.endOffset) {
      this.#onSkipped({ topic: work.topic, partition: work.partition }, work.fetchOffset, range.endOffset);
      work.seek(range.endOffset);
    }
    const from = work.fetchOffset;
    if (from >= range.endOffset && range.hasLostItsEnd !== true) return false;
    const read = await this.#source.read(work.topic, work.partition, from, {
      maxRecords: FETCH_MAX_RECORDS,
      maxBytes: Math.min(this.#room(), this.#limits.fetchMaxBytes),
    });
    // Owned still, and under the same assignment? It may have gone while the records were read.
    if (this.#owned.find(work) === work) work.accept(from, read);
    return read.records.length === 0 && read.nextOffset > from && read.nextOffset < range.endOffset;
  }
}
