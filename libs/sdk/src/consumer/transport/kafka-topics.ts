import type { KafkaClient, TopicMetadata } from '#libs/foundation/kafka';
import type { Queryable } from '#libs/foundation/postgres';
import type { PartitionEnd, SideTopic, Topics } from '#libs/movers/consumer';
import { ensureSideTopics } from '../../postgres/ensure-side-topics.sql.ts';

/** Largest value of a topic's config that says how many bytes its messages may have. */
const MAX_BYTES_CONFIG = 'max.message.bytes';

/**
 * Topics of a Kafka cluster, for consumers. Their retry topics and dlqs are written through the outbox of the consumer's
 * database, where `ensure` makes them; the relay of that database makes them on the cluster.
 */
export class KafkaTopics implements Topics {
  readonly #client: Pick<KafkaClient, 'metadata' | 'listOffsets' | 'topicConfigs'>;
  readonly #db: Queryable;

  constructor(client: Pick<KafkaClient, 'metadata' | 'listOffsets' | 'topicConfigs'>, db: Queryable) {
    this.#client = client;
    this.#db = db;
  }

  async list(): Promise<readonly string[]> {
    const { topics } = await this.#client.metadata(undefined);
    return topics.filter(isThere).map(({ name }) => name);
  }

  async ensure(topics: readonly SideTopic[]): Promise<void> {
    const sources = [...new Set(topics.map(({ source }) => source))];
    if (sources.length === 0) return;
    const { topics: answered } = await this.#client.metadata(sources);
    const found = new Map(answered.filter(isThere).map(({ name, partitions }) => [name, partitions.length]));
    if (found.size === 0) return;
    const configs = await this.#client.topicConfigs([...found.keys()]);
    const missing = topics.flatMap(({ topic, source }) => {
      const partitions = found.get(source);
      const maxMessageBytes = Number(configs.get(source)?.get(MAX_BYTES_CONFIG) ?? Number.NaN);
      const known = Number.isSafeInteger(maxMessageBytes) ? { maxMessageBytes } : {};
      return partitions === undefined ? [] : [{ topic, source, partitions, ...known }];
    });
    await ensureSideTopics(this.#db, missing);
  }

  async ends(topic: string): Promise<readonly PartitionEnd[]> {
    const { topics } = await this.#client.metadata([topic]);
    const partitions = topics.find((one) => one.name === topic && isThere(one))?.partitions ?? [];
    const ends: PartitionEnd[] = [];
    for (const leader of new Set(partitions.filter(({ errorCode }) => errorCode === 0).map((one) => one.leader))) {
      const led = partitions.filter((one) => one.leader === leader).map(({ partition }) => ({ topic, partition }));
      for (const { partition, offset, errorCode } of await this.#client.listOffsets(
        leader,
        led,
        'latest',
        'read_committed',
      )) {
        if (errorCode === 0) ends.push({ partition, endOffset: offset });
      }
    }
    return ends;
  }
}

/** Not one of Kafka's own, and not one that the cluster has only heard of. */
function isThere({ name, errorCode }: TopicMetadata): boolean {
  return errorCode === 0 && !name.startsWith('__');
}
