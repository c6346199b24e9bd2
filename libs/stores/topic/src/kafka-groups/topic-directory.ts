import type { Clock } from '#libs/foundation/kernel';
import type { KafkaClient, PartitionMetadata, TopicMetadata } from '#libs/foundation/kafka';
import type { TopicPartition } from '../groups/topic-partition.ts';

/** A topic that is there, with its id. */
export interface KnownTopic extends TopicMetadata {
  readonly id: string;
}

export interface DirectoryOptions {
  readonly clock: Clock;
  /** How old what is known of a topic may be, ms; default 30,000. */
  readonly maxAgeMs?: number;
}

/** Topics that nobody asks for are forgotten after so many times their age. */
const FORGET_AFTER = 4;

interface Entry {
  readonly topic: TopicMetadata;
  readonly seenAt: number;
}

/** Topics by name and by id, and the leaders of their partitions, as the cluster last told them. */
export class TopicDirectory {
  readonly #client: Pick<KafkaClient, 'metadata'>;
  readonly #clock: Clock;
  readonly #maxAgeMs: number;
  #entries: ReadonlyMap<string, Entry> = new Map();
  #isStale = false;

  constructor(client: Pick<KafkaClient, 'metadata'>, options: DirectoryOptions) {
    this.#client = client;
    this.#clock = options.clock;
    this.#maxAgeMs = options.maxAgeMs ?? 30_000;
  }

  /** Asks the cluster if it has not told of one of these topics lately, or if what it told has proved wrong. Throws as the client does. */
  async look(topics: readonly string[]): Promise<void> {
    const now = this.#clock.now();
    const isFresh = topics.every((name) => {
      const entry = this.#entries.get(name);
      return entry !== undefined && now - entry.seenAt < this.#maxAgeMs;
    });
    if ((isFresh && !this.#isStale) || topics.length === 0) return;
    const answer = await this.#client.metadata(topics);
    this.#isStale = false;
    const kept = [...this.#entries].filter(([, entry]) => now - entry.seenAt < FORGET_AFTER * this.#maxAgeMs);
    this.#entries = new Map([...kept, ...answer.topics.map((topic) => [topic.name, { topic, seenAt: now }] as const)]);
  }

  /** What was told has proved wrong: the next look asks again. */
  distrust(): void {
    this.#isStale = true;
  }

  /** Undefined for a topic that is not there, as far as is known. */
  find(name: string): KnownTopic | undefined {
    const topic = this.#entries.get(name)?.topic;
    return topic !== undefined && isKnown(topic) ? topic : undefined;
  }

  nameOf(topicId: string): string | undefined {
    for (const { topic } of this.#entries.values()) if (topic.id === topicId) return topic.name;
    return undefined;
  }

  /** Undefined while the partition has no leader. */
  leaderOf({ topic, partition }: TopicPartition): PartitionMetadata | undefined {
    const found = this.find(topic)?.partitions.find((each) => each.partition === partition);
    return found === undefined || found.leader < 0 ? undefined : found;
  }
}

function isKnown(topic: TopicMetadata): topic is KnownTopic {
  return topic.errorCode === 0 && topic.id !== null;
}
