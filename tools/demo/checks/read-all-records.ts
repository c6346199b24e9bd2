import { assert } from '#libs/foundation/kernel';
import type { TopicReader, TopicRecord } from '#libs/stores/topic';

/** What the checks need of a record. */
export interface SeenRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  readonly position: bigint;
  readonly messageId: string;
  readonly key: string;
  /** The version of the order or article after the change, from the header. */
  readonly version: number;
}

const PAGE = { maxRecords: 2_000, maxBytes: 4 * 1024 * 1024 };

/** Every record of the topics, read as any consumer reads them: by partition, from the first offset to the last. */
export async function readAllRecords(reader: TopicReader, topics: readonly string[]): Promise<SeenRecord[]> {
  const seen: SeenRecord[] = [];
  for (const topic of topics) {
    for await (const { partition, messageId, key, headers, position, offset } of recordsOf(reader, topic)) {
      const version = Number(headers.find(([name]) => name === 'version')?.[1]?.toString('utf8'));
      seen.push({ topic, partition, offset, position, messageId, key: key?.toString('utf8') ?? '', version });
    }
  }
  return seen;
}

/** The records of one topic, in the order of partitions and offsets. */
export async function* recordsOf(reader: TopicReader, topic: string): AsyncGenerator<TopicRecord> {
  for (const { partition, startOffset, endOffset } of await reader.ranges(topic)) {
    for (let offset = startOffset; offset < endOffset;) {
      const page = await reader.read(topic, partition, offset, PAGE);
      assert(
        page.nextOffset > offset,
        `${topic}/${partition}: offset ${offset} cannot be read, the end is ${endOffset}`,
      );
      yield* page.records;
      offset = page.nextOffset;
    }
  }
}
