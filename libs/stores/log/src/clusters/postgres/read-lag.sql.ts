import type { Queryable } from '#libs/foundation/postgres';
import type { ClusterLag, PartitionLag } from '../cluster-status.ts';

type Row = [number, string, number | null, string, number, string, number | null, string | null];

/**
 * What each cluster lacks, in order of the clusters' names. Reads log.head whole per cluster; then, for each partition that
 * lacks records, the primary key of log.batch (one descent). Locks: none.
 */
export async function readClusterLag(db: Queryable): Promise<ClusterLag[]> {
  const result = await db.query<Row>({
    rowMode: 'array',
    text: 'select * from log.cluster_lag()',
  });
  const clusters: (ClusterLag & { readonly partitions: PartitionLag[] })[] = [];
  for (const [clusterId, cluster, topicId, topic, partition, messages, behindMs, trouble] of result.rows) {
    let last = clusters.at(-1);
    if (last?.clusterId !== clusterId) {
      last = { clusterId, cluster, messages: 0n, behindMs: 0, partitions: [] };
      clusters.push(last);
    }
    if (topicId === null) continue;
    const behind = Math.max(0, Math.round(behindMs ?? 0));
    last.partitions.push({ topicId, topic, partition, messages: BigInt(messages), behindMs: behind, trouble });
  }
  return clusters.map((lag) => ({
    ...lag,
    messages: lag.partitions.reduce((sum, { messages }) => sum + messages, 0n),
    behindMs: lag.partitions.reduce((oldest, { behindMs }) => Math.max(oldest, behindMs), 0),
  }));
}
