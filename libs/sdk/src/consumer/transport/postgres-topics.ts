import { TidemarkError } from '#libs/foundation/kernel';
import type { Queryable } from '#libs/foundation/postgres';
import type { PartitionEnd, SideTopic, Topics } from '#libs/movers/consumer';
import { listAllTopics, type TopicReader } from '#libs/stores/topic';
import { ensureSideTopics } from '../../postgres/ensure-side-topics.sql.ts';

/** Topics that are read from Postgres, for consumers. */
export class PostgresTopics implements Topics {
  readonly #db: Queryable;
  readonly #reader: TopicReader;

  constructor(db: Queryable, reader: TopicReader) {
    this.#db = db;
    this.#reader = reader;
  }

  async list(): Promise<readonly string[]> {
    return (await listAllTopics(this.#db)).map(({ name }) => name).sort();
  }

  async ensure(topics: readonly SideTopic[]): Promise<void> {
    if (topics.length > 0) await ensureSideTopics(this.#db, topics);
  }

  async ends(topic: string): Promise<readonly PartitionEnd[]> {
    try {
      const ranges = await this.#reader.ranges(topic);
      return ranges.map(({ partition, endOffset }) => ({ partition, endOffset }));
    } catch (error) {
      if (error instanceof TidemarkError && error.code === 'TOPIC_UNKNOWN') return [];
      throw error;
    }
  }
}
