import { type FetchedPartition, KAFKA_ERROR, type KafkaClient, kafkaErrorName } from '#libs/foundation/kafka';
import { backoffMs, TidemarkError } from '#libs/foundation/kernel';
import type { Sleep } from '#libs/foundation/lifecycle';

export interface ClusterReaderParts {
  readonly client: Pick<KafkaClient, 'metadata' | 'listOffsets' | 'fetch'>;
  /** By its name on the cluster. */
  readonly topic: string;
  readonly sleep: Sleep;
  readonly random: () => number;
  readonly signal: AbortSignal;
  /** How often a question is asked while its answer may pass. Default 10, which takes about as many seconds. */
  readonly attempts?: number;
}

export interface ClusterBounds {
  readonly startOffset: bigint;
  readonly endOffset: bigint;
}

const FETCH_BYTES = 4 * 1024 * 1024;
const FETCH_WAIT_MS = 500;
/** A change of leader takes a few seconds; with these pauses they last for about ten. */
const ATTEMPTS = 10;
const PAUSE = { minMs: 100, maxMs: 2_000 } as const;

const PASSING: ReadonlySet<number> = new Set([
  KAFKA_ERROR.UNKNOWN_TOPIC_OR_PARTITION,
  KAFKA_ERROR.LEADER_NOT_AVAILABLE,
  KAFKA_ERROR.NOT_LEADER_OR_FOLLOWER,
  KAFKA_ERROR.REQUEST_TIMED_OUT,
  KAFKA_ERROR.BROKER_NOT_AVAILABLE,
  KAFKA_ERROR.REPLICA_NOT_AVAILABLE,
  KAFKA_ERROR.NETWORK_EXCEPTION,
  KAFKA_ERROR.KAFKA_STORAGE_ERROR,
  KAFKA_ERROR.FENCED_LEADER_EPOCH,
  KAFKA_ERROR.UNKNOWN_LEADER_EPOCH,
  KAFKA_ERROR.OFFSET_NOT_AVAILABLE,
  KAFKA_ERROR.UNKNOWN_TOPIC_ID,
]);

/**
 * Reads one topic of a cluster at the leaders of its partitions, over changes of leaders and lost connections for some
 * seconds. Throws KAFKA_REFUSED for what a broker refuses or does not stop answering, and what the client throws.
 */
export class ClusterReader {
  readonly #parts: ClusterReaderParts;
  readonly #leaders = new Map<number, number>();

  constructor(parts: ClusterReaderParts) {
    this.#parts = parts;
  }

  /** Where a partition begins and ends, its end being the high watermark. A partition that is not there is empty. */
  async bounds(partition: number): Promise<ClusterBounds> {
    const { topic, client } = this.#parts;
    const place = { topic, partition };
    const offset = async (which: 'earliest' | 'latest'): Promise<bigint | undefined> => {
      const listed = await this.#asking(partition, async (leader) => {
        const [answer] = await client.listOffsets(leader, [place], which);
        return answer;
      });
      return listed?.offset;
    };
    const startOffset = await offset('earliest');
    const endOffset = startOffset === undefined ? undefined : await offset('latest');
    return { startOffset: startOffset ?? 0n, endOffset: endOffset ?? startOffset ?? 0n };
  }

  /**
   * Records from an offset on, about `maxBytes` of them as they are on the wire, default 4 MB. Where the cluster's retention
   * has removed it meanwhile the page is empty, and its `logStartOffset` says where the partition begins now.
   */
  async fetch(partition: number, offset: bigint, maxBytes: number = FETCH_BYTES): Promise<FetchedPartition> {
    const { topic, client } = this.#parts;
    const page = await this.#asking(partition, async (leader) => {
      const wanted = { topic, partition, offset, maxBytes };
      const [answer] = await client.fetch(leader, [wanted], FETCH_WAIT_MS);
      if (answer?.errorCode !== KAFKA_ERROR.OFFSET_OUT_OF_RANGE) return answer;
      const [earliest] = await client.listOffsets(leader, [{ topic, partition }], 'earliest');
      if (earliest === undefined || earliest.errorCode !== 0 || earliest.offset <= offset) return answer;
      return { ...answer, errorCode: 0, records: [], nextOffset: offset, logStartOffset: earliest.offset };
    });
    if (page !== undefined) return page;
    throw new TidemarkError('KAFKA_REFUSED', `${topic}-${partition} is gone from the cluster while it is read`);
  }

  /** The answer of the leader; undefined when the partition is not there. */
  async #asking<T extends { readonly errorCode: number }>(
    partition: number,
    ask: (leader: number) => Promise<T | undefined>,
  ): Promise<T | undefined> {
    let last: { readonly code: number } | { readonly error: TidemarkError } | undefined;
    for (let attempt = 0; attempt < (this.#parts.attempts ?? ATTEMPTS); attempt += 1) {
      if (attempt > 0) await this.#pause(attempt - 1);
      try {
        const leader = await this.#leaderOf(partition);
        const answer = leader === undefined ? undefined : await ask(leader);
        if (answer?.errorCode === KAFKA_ERROR.NONE) return answer;
        last = { code: answer?.errorCode ?? KAFKA_ERROR.UNKNOWN_TOPIC_OR_PARTITION };
        if (!PASSING.has(last.code)) break;
      } catch (error) {
        if (!(error instanceof TidemarkError) || !error.retryable) throw error;
        last = { error };
      }
      this.#leaders.delete(partition);
    }
    if (last !== undefined && 'error' in last) throw last.error;
    if (last?.code === KAFKA_ERROR.UNKNOWN_TOPIC_OR_PARTITION) return undefined;
    const name = kafkaErrorName(last?.code ?? KAFKA_ERROR.UNKNOWN_SERVER_ERROR);
    throw new TidemarkError('KAFKA_REFUSED', `the cluster answers ${name} for ${this.#parts.topic}-${partition}`);
  }

  /** Undefined when the topic is not there. Throws KAFKA_REFUSED when the cluster says nothing else of it. */
  async #leaderOf(partition: number): Promise<number | undefined> {
    const known = this.#leaders.get(partition);
    if (known !== undefined) return known;
    const { client, topic } = this.#parts;
    const [answer] = (await client.metadata([topic])).topics;
    const errorCode = answer?.errorCode ?? KAFKA_ERROR.UNKNOWN_TOPIC_OR_PARTITION;
    if (errorCode !== 0 && !PASSING.has(errorCode))
      throw new TidemarkError('KAFKA_REFUSED', `the cluster answers ${kafkaErrorName(errorCode)} for topic ${topic}`);
    for (const each of answer?.partitions ?? []) if (each.leader >= 0) this.#leaders.set(each.partition, each.leader);
    const listed = answer?.partitions.some((each) => each.partition === partition) === true;
    // A partition without a leader is there all the same: its records are not missing, they cannot be read.
    if (listed && !this.#leaders.has(partition))
      throw new TidemarkError('KAFKA_UNREACHABLE', `${topic}-${partition} has no leader`);
    return this.#leaders.get(partition);
  }

  async #pause(attempt: number): Promise<void> {
    const { sleep, random, signal } = this.#parts;
    await sleep(backoffMs(attempt, PAUSE, random()), signal);
    signal.throwIfAborted();
  }
}
