import { VerifyReport, verifyPartition } from '#libs/movers/publisher';
import { readSegments } from '#libs/stores/log';
import { type KafkaHeaderOptions, kafkaRecordOf, kafkaRecordPlan, PostgresTopicReader } from '#libs/stores/topic';
import type { PublishingStage } from './publishing-stage.ts';

const PLAIN: KafkaHeaderOptions = { schemaId: 'unless-in-value', debezium: false };
const PAGE_BYTES = 4_194_304;
const FETCH_WAIT_MS = 500;

export interface Comparison {
  readonly cluster?: string;
  /** Its name on the cluster; default the same. */
  readonly clusterTopic?: string;
  readonly headers?: KafkaHeaderOptions;
}

/** Compares all partitions of a topic on the stage's Kafka with the log, offset by offset and byte by byte. */
export async function compareWithLog(
  { database, client }: PublishingStage,
  topic: string,
  { cluster = 'main', clusterTopic = topic, headers = PLAIN }: Comparison = {},
): Promise<VerifyReport> {
  const reader = new PostgresTopicReader(database.db);
  const plan = kafkaRecordPlan(topic, clusterTopic, headers);
  const published = new Map(
    (await readSegments(database.db, cluster, topic)).map((each) => [each.partition, each] as const),
  );
  const { topics } = await client.metadata([clusterTopic]);
  const leaderOf = (partition: number): number => topics[0]!.partitions[partition]!.leader;
  const report = new VerifyReport();
  for (const { partition, startOffset, endOffset } of await reader.ranges(topic)) {
    const { segments = [], ackedOffset = 0n } = published.get(partition) ?? {};
    const place = { topic: clusterTopic, partition };
    const progress = verifyPartition(
      { partition, segments, ackedOffset, startOffset, endOffset, compacted: false },
      {
        bounds: async () => {
          const [first] = await client.listOffsets(leaderOf(partition), [place], 'earliest');
          const [end] = await client.listOffsets(leaderOf(partition), [place], 'latest');
          return { startOffset: first!.offset, endOffset: end!.offset };
        },
        fetch: async (_partition, offset) => {
          const [page] = await client.fetch(
            leaderOf(partition),
            [{ ...place, offset, maxBytes: PAGE_BYTES }],
            FETCH_WAIT_MS,
          );
          return page!;
        },
        readLog: async (_partition, offset, limit) =>
          (await reader.read(topic, partition, offset, { maxRecords: limit, maxBytes: PAGE_BYTES })).records,
        recordFor: (record) => kafkaRecordOf(record, plan),
        known: async (ids) => {
          const { rows } = await database.db.query<{ id: string }>(
            `select m.message_id as id from outbox.message m join outbox.topic t on t.id = m.topic_id
             where t.name = $1 and m.message_id = any($2::uuid[])`,
            [topic, ids],
          );
          return new Set(rows.map(({ id }) => id));
        },
      },
      report,
    );
    for await (const _ of progress);
  }
  return report;
}

/** What a comparison counts when the cluster holds each record of the log once, and `foreign` ones of others. */
export function exactly(records: number, foreign = 0) {
  return {
    compared: BigInt(records),
    matching: BigInt(records),
    pending: 0n,
    expired: 0n,
    counts: { missing: 0n, doubled: 0n, foreign: BigInt(foreign), differing: 0n },
  };
}
