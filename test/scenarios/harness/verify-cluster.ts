import { createKafkaClient, type FetchedPartition, type KafkaClient } from '#libs/foundation/kafka';
import type { Database } from '#libs/foundation/postgres';
import { loadClusters, verifyPartition, VerifyReport, type VerifySources } from '#libs/movers/publisher';
import { readSegments } from '#libs/stores/log';
import { kafkaRecordOf, kafkaRecordPlan, listAllTopics, readRuns } from '#libs/stores/topic';

const FETCH_BYTES = 4 * 1024 * 1024;
const FETCH_MS = 500;
const READ_BYTES = 4 * 1024 * 1024;

/** What the product's own verification finds wrong on a cluster that is published to with default settings. */
export async function verifyCluster(db: Database, cluster: string, bootstrap: string): Promise<VerifyReport> {
  const { connection, headers } = loadClusters({ TIDEMARK_CLUSTERS: `${cluster}=${bootstrap}` }).clusters[0]!;
  const client = createKafkaClient(connection);
  const report = new VerifyReport();
  try {
    for (const { topicId, name: topic } of await listAllTopics(db)) {
      const plan = kafkaRecordPlan(topic, topic, headers);
      for (const { partition, ackedOffset, segments } of await readSegments(db, cluster, topic)) {
        const of = { partition, segments, ackedOffset, startOffset: 0n, endOffset: ackedOffset, compacted: false };
        const sources: VerifySources = {
          ...(await clusterSources(client, topic, partition)),
          readLog: async (_, offset, maxRecords) => {
            const runs = await readRuns(db, [{ topicId, partition, offset }], { maxRecords, maxBytes: READ_BYTES });
            return runs[0]?.records ?? [];
          },
          recordFor: (record) => kafkaRecordOf(record, plan),
          known: (ids) => known(db, topicId, ids),
        };
        for await (const progress of verifyPartition(of, sources, report))
          if (progress.done > progress.total) throw new Error('verified more than there is');
      }
    }
  } finally {
    await client.close();
  }
  return report;
}

async function clusterSources(
  client: KafkaClient,
  topic: string,
  partition: number,
): Promise<Pick<VerifySources, 'bounds' | 'fetch'>> {
  const { leader } = (await client.metadata([topic])).topics[0]!.partitions.find(
    (each) => each.partition === partition,
  )!;
  const listed = async (at: 'earliest' | 'latest'): Promise<bigint> =>
    (await client.listOffsets(leader, [{ topic, partition }], at))[0]!.offset;
  const fetch = async (_: number, offset: bigint): Promise<FetchedPartition> =>
    (await client.fetch(leader, [{ topic, partition, offset, maxBytes: FETCH_BYTES }], FETCH_MS))[0]!;
  return {
    bounds: async () => ({ startOffset: await listed('earliest'), endOffset: await listed('latest') }),
    fetch,
  };
}

async function known(db: Database, topicId: number, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const { rows } = await db.query<{ message_id: string }>(
    'select m.message_id from outbox.message m where m.topic_id = $1 and m.message_id = any ($2)',
    [topicId, ids],
  );
  return new Set(rows.map((row) => row.message_id));
}
