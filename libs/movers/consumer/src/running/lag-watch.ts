import type { Topics } from '../ports/topics.ts';
import type { OwnedPartition } from './owned-partition.ts';
import { partitionKeyOf } from './partition-key.ts';

/** How far the partitions of the main flow are behind the ends of their topics. */
export class LagWatch {
  readonly #topics: Topics;
  readonly #readyLag: number;
  #ends: ReadonlyMap<string, bigint> = new Map();
  #caughtUp = false;

  constructor(topics: Topics, readyLag: number) {
    this.#topics = topics;
    this.#readyLag = readyLag;
  }

  /** True from the first time that no more than `readyLag` records were behind. */
  get caughtUp(): boolean {
    return this.#caughtUp;
  }

  lagOf({ key, progress }: OwnedPartition): bigint | null {
    const end = this.#ends.get(key);
    if (end === undefined) return null;
    return end > progress.watermark ? end - progress.watermark : 0n;
  }

  /** Looks at the ends of the topics of these partitions. */
  async look(partitions: () => readonly OwnedPartition[]): Promise<void> {
    const topics = new Set(partitions().map((owned) => owned.topic));
    const ends = new Map<string, bigint>();
    for (const topic of topics) {
      for (const { partition, endOffset } of await this.#topics.ends(topic)) {
        ends.set(partitionKeyOf({ topic, partition }), endOffset);
      }
    }
    this.#ends = ends;
    const lags = partitions().map((owned) => this.lagOf(owned));
    if (lags.includes(null)) return;
    if (lags.reduce((sum: bigint, lag) => sum + lag!, 0n) <= BigInt(this.#readyLag)) this.#caughtUp = true;
  }
}
