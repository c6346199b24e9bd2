import { partitionKey, type TopicPartition } from '../groups/topic-partition.ts';
import type { PartitionFeed } from './partition-feed.ts';

/** A partition that nobody has read for so long is fetched no more, ms. Members look at the group again more often. */
const UNWANTED_AFTER_MS = 60_000;

/** The partitions that are read, with what was fetched of each. */
export class Feeds {
  readonly #feeds = new Map<string, PartitionFeed>();
  #turn = 0;

  find(partition: TopicPartition): PartitionFeed | undefined {
    return this.#feeds.get(partitionKey(partition));
  }

  put(feed: PartitionFeed): void {
    this.#feeds.set(partitionKey(feed.place), feed);
  }

  remove(feed: PartitionFeed): void {
    if (this.find(feed.place) === feed) this.#feeds.delete(partitionKey(feed.place));
  }

  forgetUnwanted(now: number): void {
    for (const feed of this.all()) if (now - feed.wantedAt >= UNWANTED_AFTER_MS) this.remove(feed);
  }

  all(): PartitionFeed[] {
    return [...this.#feeds.values()];
  }

  topics(): string[] {
    return [...new Set(this.all().map((feed) => feed.place.topic))];
  }

  get bufferedBytes(): number {
    let bytes = 0;
    for (const feed of this.#feeds.values()) bytes += feed.bufferedBytes;
    return bytes;
  }

  /** All of them, beginning with another one each time. */
  inTurn(): PartitionFeed[] {
    const feeds = this.all();
    const first = feeds.length === 0 ? 0 : this.#turn++ % feeds.length;
    return [...feeds.slice(first), ...feeds.slice(0, first)];
  }
}
