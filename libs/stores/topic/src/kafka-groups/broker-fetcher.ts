import { backoffMs, TidemarkError } from '#libs/foundation/kernel';
import { Loop } from '#libs/foundation/lifecycle';
import { type FetchedPartition, KAFKA_ERROR, kafkaErrorName } from '#libs/foundation/kafka';
import { partitionKey } from '../groups/topic-partition.ts';
import type { Feeds } from './feeds.ts';
import type { KafkaSourceSettings } from './kafka-source-options.ts';
import type { PartitionFeed } from './partition-feed.ts';
import { planFetch } from './plan-fetch.ts';
import type { TopicDirectory } from './topic-directory.ts';

export interface FetcherHooks {
  /** There is something new for a reader. */
  arrived(): void;
  /** Where leaders are, or which topics there are, has to be looked at again. */
  lookAgain(): void;
}

/** What passes once the leaders are known again. */
const MOVED: ReadonlySet<number> = new Set([
  KAFKA_ERROR.UNKNOWN_TOPIC_OR_PARTITION,
  KAFKA_ERROR.LEADER_NOT_AVAILABLE,
  KAFKA_ERROR.NOT_LEADER_OR_FOLLOWER,
  KAFKA_ERROR.REPLICA_NOT_AVAILABLE,
  KAFKA_ERROR.FENCED_LEADER_EPOCH,
  KAFKA_ERROR.UNKNOWN_LEADER_EPOCH,
  KAFKA_ERROR.OFFSET_NOT_AVAILABLE,
  KAFKA_ERROR.UNKNOWN_TOPIC_ID,
  KAFKA_ERROR.INCONSISTENT_TOPIC_ID,
]);
const MOVED_REST_MS = 100;
const TROUBLE_REST_MS = 1_000;
const IDLE_MS = 60_000;
const BACKOFF = { minMs: 100, maxMs: 2_000 };

/** Fetches from one broker, for all feeds whose partitions it leads, one fetch at a time. */
export class BrokerFetcher {
  readonly #broker: number;
  readonly #settings: KafkaSourceSettings;
  readonly #feeds: Feeds;
  readonly #directory: TopicDirectory;
  readonly #hooks: FetcherHooks;
  readonly #loop: Loop;
  #failures = 0;

  constructor(
    broker: number,
    settings: KafkaSourceSettings,
    shared: { readonly feeds: Feeds; readonly directory: TopicDirectory; readonly hooks: FetcherHooks },
  ) {
    this.#broker = broker;
    this.#settings = settings;
    this.#feeds = shared.feeds;
    this.#directory = shared.directory;
    this.#hooks = shared.hooks;
    this.#loop = new Loop({
      name: `fetch from broker ${broker} of ${settings.cluster}`,
      step: () => this.#step(),
      onError: (error) => this.#afterError(error),
      clock: settings.clock,
      sleep: settings.sleep,
    });
  }

  start(): Promise<void> {
    return this.#loop.start();
  }

  wake(): void {
    this.#loop.wake();
  }

  /** A fetch that waits is waited for: it ends within `fetchWaitMs`. */
  stop(deadlineMs: number): Promise<void> {
    return this.#loop.stop({ deadlineMs });
  }

  async #step(): Promise<{ waitMs: number }> {
    const { client, clock, partitionMaxBytes, bufferMaxBytes, fetchWaitMs } = this.#settings;
    const now = clock.now();
    const limits = { partitionMaxBytes, fetchWaitMs, roomBytes: bufferMaxBytes - this.#feeds.bufferedBytes };
    const plan = planFetch(this.#broker, this.#feeds.inTurn(), this.#directory, limits, now);
    if (plan.feeds.length === 0) return { waitMs: Math.min(IDLE_MS, Math.max(0, Math.ceil(plan.restsUntil - now))) };
    const answers = await client.fetch(this.#broker, plan.requests, plan.maxWaitMs, 'read_committed');
    this.#failures = 0;
    const byKey = new Map(answers.map((answer) => [partitionKey(answer), answer]));
    let hasArrived = false;
    for (const [index, feed] of plan.feeds.entries()) {
      const answer = byKey.get(partitionKey(feed.place));
      if (answer === undefined) continue;
      if (await this.#apply(feed, plan.requests[index]!.offset, answer)) hasArrived = true;
    }
    if (hasArrived) this.#hooks.arrived();
    return { waitMs: 0 };
  }

  /** True when there is something new for the reader. */
  async #apply(feed: PartitionFeed, fetchedFrom: bigint, answer: FetchedPartition): Promise<boolean> {
    const { errorCode } = answer;
    if (errorCode === KAFKA_ERROR.NONE) return feed.accept(fetchedFrom, answer);
    if (errorCode === KAFKA_ERROR.OFFSET_OUT_OF_RANGE) return await this.#findRange(feed, fetchedFrom);
    const now = this.#settings.clock.now();
    if (MOVED.has(errorCode)) {
      feed.restsUntil = now + MOVED_REST_MS;
      this.#hooks.lookAgain();
      return false;
    }
    feed.restsUntil = now + TROUBLE_REST_MS;
    this.#settings.onTrouble(fetchRefused(this.#settings.cluster, feed, fetchedFrom, errorCode), feed.place);
    return false;
  }

  /** The reader learns from the range that it has to go elsewhere. */
  async #findRange(feed: PartitionFeed, fetchedFrom: bigint): Promise<boolean> {
    const { client, clock } = this.#settings;
    const [earliest] = await client.listOffsets(this.#broker, [feed.place], 'earliest');
    const [latest] = await client.listOffsets(this.#broker, [feed.place], 'latest');
    feed.restsUntil = clock.now() + MOVED_REST_MS;
    if (earliest?.errorCode !== KAFKA_ERROR.NONE || latest?.errorCode !== KAFKA_ERROR.NONE) {
      this.#hooks.lookAgain();
      return false;
    }
    feed.outOfRange(fetchedFrom, { startOffset: earliest.offset, endOffset: latest.offset });
    if (feed.truncatedAt !== null) this.#settings.onLostEnd(feed.place, feed.truncatedAt);
    return true;
  }

  #afterError(error: unknown): { waitMs: number } {
    this.#settings.onTrouble(error);
    // The broker may be gone, and others lead its partitions.
    this.#hooks.lookAgain();
    const waitMs = backoffMs(this.#failures, BACKOFF, this.#settings.random());
    this.#failures += 1;
    return { waitMs };
  }
}

function fetchRefused(cluster: string, feed: PartitionFeed, offset: bigint, errorCode: number): TidemarkError {
  const place = partitionKey(feed.place);
  const name = kafkaErrorName(errorCode);
  return new TidemarkError('KAFKA_REFUSED', `cluster ${cluster}: ${place} cannot be read at ${offset}: ${name}`, {
    context: { cluster, partition: place, offset: offset.toString(), kafkaError: name, kafkaErrorCode: errorCode },
  });
}
