import { TidemarkError } from '#libs/foundation/kernel';
import type { PartitionEnd, SideTopic, Topics } from '#libs/movers/consumer';
import { partitionForKey } from '#libs/movers/sequencer';
import type { TopicPartition, TopicRecord } from '#libs/stores/topic';

/** A message on its way into the log. */
export interface NewRecord extends Pick<TopicRecord, 'topic' | 'messageId' | 'key' | 'value' | 'headers' | 'schemaId'> {
  readonly partition: number | null;
}

interface MemoryTopic {
  readonly partitions: readonly TopicRecord[][];
  readonly maxBytes: number;
}

const MAX_BYTES = 1_000_000;
/** Room that retry topics and dlqs have for headers beyond what their source allows. */
const SIDE_BYTES = 16_384;
const SIDE = /\.(?:retry(?:\.[2-9])?|dlq)$/;

/** Topics with their records, and the offsets of groups. */
export class MemoryLog implements Topics {
  readonly #topics = new Map<string, MemoryTopic>();
  readonly #offsets = new Map<string, bigint>();
  readonly #listeners = new Set<() => void>();
  readonly #now: () => number;
  readonly #partitions: number;
  #position = 0n;

  /** @param partitions of topics whose number is not given. */
  constructor(now: () => number, partitions: number) {
    this.#now = now;
    this.#partitions = partitions;
  }

  /** Does nothing for a topic that is there. */
  create(topic: string, partitions = this.#partitions, maxBytes = MAX_BYTES): void {
    if (this.#topics.has(topic)) return;
    this.#topics.set(topic, { partitions: Array.from({ length: partitions }, () => []), maxBytes });
    this.#changed();
  }

  /** As the database refuses a message: TOPIC_UNKNOWN, MESSAGE_TOO_LARGE, PARTITION_INVALID. */
  check({ topic, key, value, headers, partition }: NewRecord): void {
    const found = this.#topics.get(topic);
    if (found === undefined) {
      throw new TidemarkError('TOPIC_UNKNOWN', `topic '${topic}' does not exist`, {
        remedy: 'Name it in the `topics` of the harness.',
      });
    }
    const ofHeaders = headers.reduce((sum, [name, bytes]) => sum + name.length + (bytes?.length ?? 0), 0);
    const bytes = (key?.length ?? 0) + (value?.length ?? 0) + ofHeaders;
    if (bytes > found.maxBytes)
      throw new TidemarkError('MESSAGE_TOO_LARGE', `message of ${bytes} bytes for topic ${topic}`);
    if (partition !== null && partition >= found.partitions.length) {
      throw new TidemarkError('PARTITION_INVALID', `partition ${partition} of topic ${topic}`);
    }
  }

  append({ partition: wanted, ...message }: NewRecord): void {
    const { partitions } = this.#topics.get(message.topic)!;
    const partition = wanted ?? this.#partitionOf(message.key, partitions.length);
    const records = partitions[partition]!;
    this.#position += 1n;
    const time = new Date(this.#now());
    records.push({ ...message, partition, offset: BigInt(records.length), position: this.#position, time });
    this.#changed();
  }

  read({ topic, partition }: TopicPartition, from: bigint, maxRecords: number): readonly TopicRecord[] {
    return this.#topics.get(topic)?.partitions[partition]?.slice(Number(from), Number(from) + maxRecords) ?? [];
  }

  /** All records, in order of partition and offset. */
  records(topic: string): TopicRecord[] {
    return this.#topics.get(topic)?.partitions.flat() ?? [];
  }

  partitionsOf(topic: string): number {
    return this.#topics.get(topic)?.partitions.length ?? 0;
  }

  async list(): Promise<string[]> {
    return [...this.#topics.keys()].sort();
  }

  async ensure(topics: readonly SideTopic[]): Promise<void> {
    for (const { topic, source } of topics) {
      const found = this.#topics.get(source);
      if (found !== undefined && SIDE.test(topic))
        this.create(topic, found.partitions.length, found.maxBytes + SIDE_BYTES);
    }
  }

  async ends(topic: string): Promise<PartitionEnd[]> {
    const found = this.#topics.get(topic);
    return (found?.partitions ?? []).map(({ length }, partition) => ({ partition, endOffset: BigInt(length) }));
  }

  committed(group: string, { topic, partition }: TopicPartition): bigint {
    return this.#offsets.get(`${group} ${topic}/${partition}`) ?? 0n;
  }

  commit(group: string, { topic, partition }: TopicPartition, nextOffset: bigint): void {
    this.#offsets.set(`${group} ${topic}/${partition}`, nextOffset);
  }

  /** Told after each new record and topic, until the returned function is called. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #partitionOf(key: Buffer | null, partitions: number): number {
    return key === null ? Number(this.#position % BigInt(partitions)) : partitionForKey(key, partitions);
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}
