import type { ClusterMetadata, KafkaClient, PartitionMetadata, TopicMetadata } from '#libs/foundation/kafka';

/** What the cluster last said of its brokers and topics. */
export class ClusterView {
  readonly #client: KafkaClient;
  readonly #now: () => number;
  readonly #topics = new Map<string, TopicMetadata>();
  readonly #seenAt = new Map<string, number>();
  #brokers = 1;
  #refreshing: Promise<void> | undefined;
  /** Told of each topic in an answer. */
  onTopic: (topic: TopicMetadata) => void = () => undefined;

  constructor(client: KafkaClient, now: () => number) {
    this.#client = client;
    this.#now = now;
  }

  /** At least 1. */
  get brokers(): number {
    return this.#brokers;
  }

  topic(name: string): TopicMetadata | undefined {
    return this.#topics.get(name);
  }

  partition(topic: string, partition: number): PartitionMetadata | undefined {
    return this.#topics.get(topic)?.partitions.find((each) => each.partition === partition);
  }

  /** Asks for those topics that were not seen since `since`. One question at a time. */
  async refresh(names: readonly string[], since: number): Promise<void> {
    while (this.#refreshing !== undefined) await this.#refreshing.catch(() => undefined);
    const old = names.filter((name) => (this.#seenAt.get(name) ?? -Infinity) < since);
    if (old.length === 0) return;
    this.#refreshing = this.#ask(old);
    try {
      await this.#refreshing;
    } finally {
      this.#refreshing = undefined;
    }
  }

  async #ask(names: readonly string[]): Promise<void> {
    const askedAt = this.#now();
    this.#take(await this.#client.metadata(names), askedAt);
  }

  #take(metadata: ClusterMetadata, askedAt: number): void {
    this.#brokers = Math.max(1, metadata.brokers.length);
    for (const topic of metadata.topics) {
      this.#topics.set(topic.name, topic);
      this.#seenAt.set(topic.name, askedAt);
      this.onTopic(topic);
    }
  }
}
