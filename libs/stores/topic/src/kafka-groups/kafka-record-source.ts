import { backoffMs, TidemarkError } from '#libs/foundation/kernel';
import { Loop } from '#libs/foundation/lifecycle';
import type { ReadRange, RecordRead, RecordSource } from '../groups/ports.ts';
import { Arrivals } from './arrivals.ts';
import { BrokerFetcher } from './broker-fetcher.ts';
import { consumedRecord } from './consumed-record.ts';
import { Feeds } from './feeds.ts';
import { type KafkaSourceOptions, kafkaSourceSettings, type KafkaSourceSettings } from './kafka-source-options.ts';
import { PartitionFeed } from './partition-feed.ts';
import { TopicDirectory } from './topic-directory.ts';

/** Beyond any offset: where a log ends is found out by reading. */
const NO_END = 2n ** 63n - 1n;
const LOOK_EVERY_MS = 10_000;
const LOOK_PAUSE_MS = 250;
const BACKOFF = { minMs: 100, maxMs: 2_000 };

/**
 * The records of topics on a Kafka cluster, for one member of a group: it follows where that member reads, and fetches
 * ahead of it, from each broker one fetch at a time for all partitions that the broker leads. Only records count that are
 * committed, and those written without a transaction. Memory: `bufferMaxBytes` and one fetch.
 *
 * A topic that is created again under its name is another topic: nothing of it is answered for the former one, and readers
 * find it once they begin anew. `read` never fails for a broker's sake: troubles are told to `onTrouble`, and go on being
 * tried.
 */
export class KafkaRecordSource implements RecordSource {
  readonly #settings: KafkaSourceSettings;
  readonly #directory: TopicDirectory;
  readonly #feeds = new Feeds();
  readonly #arrivals: Arrivals;
  readonly #fetchers = new Map<number, BrokerFetcher>();
  readonly #leaders: Loop;
  #isOpen = false;
  #failures = 0;

  constructor(options: KafkaSourceOptions) {
    this.#settings = kafkaSourceSettings(options);
    const { client, clock, sleep, cluster } = this.#settings;
    this.#directory = new TopicDirectory(client, { clock });
    this.#arrivals = new Arrivals(sleep);
    this.#leaders = new Loop({
      name: `leaders of ${cluster}`,
      step: () => this.#look(),
      onError: (error) => this.#afterError(error),
      clock,
      sleep,
    });
  }

  async start(): Promise<void> {
    this.#isOpen = true;
    await this.#leaders.start();
  }

  /** Ends all fetches. Those who wait for records are woken. Rejects with STOP_DEADLINE_EXCEEDED when one hangs. */
  async stop(options: { readonly deadlineMs: number }): Promise<void> {
    this.#isOpen = false;
    await this.#leaders.stop(options);
    await Promise.all([...this.#fetchers.values()].map((fetcher) => fetcher.stop(options.deadlineMs)));
    this.#fetchers.clear();
    this.#arrivals.note();
  }

  async read(
    topic: string,
    partition: number,
    fromOffset: bigint,
    limits: { readonly maxRecords: number; readonly maxBytes: number },
  ): Promise<RecordRead> {
    this.#refuseWhenClosed();
    const feed = await this.#feedOf(topic, partition, fromOffset);
    if (feed === undefined) return { records: [], nextOffset: fromOffset };
    const before = feed.bufferedBytes;
    const { records, nextOffset } = feed.read(fromOffset, limits, this.#settings.clock.now());
    // Full feeds are not fetched: there is room again.
    if (feed.bufferedBytes < before || before === 0) this.#wakeFetchers();
    const from = { cluster: this.#settings.cluster, ...feed.place };
    return { records: records.map((record) => consumedRecord(record, from)), nextOffset };
  }

  async ranges(topic: string): Promise<ReadRange[]> {
    this.#refuseWhenClosed();
    await this.#directory.look([...new Set([...this.#feeds.topics(), topic])]);
    return (this.#directory.find(topic)?.partitions ?? []).map(({ partition }) => {
      const feed = this.#feeds.find({ topic, partition });
      return {
        partition,
        startOffset: feed?.startOffset ?? 0n,
        endOffset: feed?.truncatedAt ?? NO_END,
        hasLostItsEnd: feed !== undefined && feed.truncatedAt !== null,
      };
    });
  }

  cursor(): Promise<bigint> {
    return Promise.resolve(this.#arrivals.count);
  }

  waitBeyond(cursor: bigint, timeoutMs: number, signal: AbortSignal): Promise<void> {
    return this.#isOpen ? this.#arrivals.waitBeyond(cursor, timeoutMs, signal) : Promise.resolve();
  }

  /** Undefined when the cluster does not know the partition (yet). */
  async #feedOf(topic: string, partition: number, offset: bigint): Promise<PartitionFeed | undefined> {
    const known = this.#feeds.find({ topic, partition });
    const topicId = this.#directory.find(topic)?.id;
    if (known !== undefined && known.place.topicId === topicId) return known;
    if (topicId === undefined) {
      this.#lookAgain();
      return known;
    }
    const feed = new PartitionFeed({ topic, topicId, partition }, offset, this.#settings.clock.now());
    this.#feeds.put(feed);
    this.#leaders.wake();
    return feed;
  }

  /** Keeps a fetcher for every broker that leads a partition that is read. */
  async #look(): Promise<{ waitMs: number }> {
    this.#feeds.forgetUnwanted(this.#settings.clock.now());
    await this.#directory.look(this.#feeds.topics());
    this.#failures = 0;
    const brokers = new Set(this.#feeds.all().map((feed) => this.#directory.leaderOf(feed.place)?.leader));
    for (const broker of brokers) {
      if (broker === undefined) this.#directory.distrust();
      else if (!this.#fetchers.has(broker)) await this.#startFetcher(broker);
    }
    this.#wakeFetchers();
    return { waitMs: brokers.has(undefined) ? LOOK_PAUSE_MS : LOOK_EVERY_MS };
  }

  async #startFetcher(broker: number): Promise<void> {
    const hooks = { arrived: () => this.#arrivals.note(), lookAgain: () => this.#lookAgain() };
    const fetcher = new BrokerFetcher(broker, this.#settings, {
      feeds: this.#feeds,
      directory: this.#directory,
      hooks,
    });
    this.#fetchers.set(broker, fetcher);
    await fetcher.start();
  }

  #lookAgain(): void {
    this.#directory.distrust();
    this.#leaders.wake();
  }

  #wakeFetchers(): void {
    for (const fetcher of this.#fetchers.values()) fetcher.wake();
  }

  #afterError(error: unknown): { waitMs: number } {
    this.#settings.onTrouble(error);
    const waitMs = backoffMs(this.#failures, BACKOFF, this.#settings.random());
    this.#failures += 1;
    return { waitMs };
  }

  #refuseWhenClosed(): void {
    if (this.#isOpen) return;
    throw new TidemarkError('SHUTTING_DOWN', `the source of ${this.#settings.cluster} is not running`);
  }
}
