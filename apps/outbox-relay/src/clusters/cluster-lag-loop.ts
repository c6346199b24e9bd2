import { Loop } from '#libs/foundation/lifecycle';
import type { Logger, Metrics } from '#libs/foundation/observability';
import type { Queryable } from '#libs/foundation/postgres';
import { readClusterLag, readClusters } from '#libs/stores/log';

const INTERVAL_MS = 5_000;
/** Partitions with a metric of their own: those that are furthest behind. */
const PARTITIONS_MAX = 1_000;

/** Measures how far clusters are behind the log: each of them, and each partition that lacks records. */
export function clusterLagLoop(db: Queryable, logger: Logger, metrics: Metrics): Loop {
  const gauge = <L extends string = never>(name: string, help: string, ...labels: L[]) =>
    metrics.gauge<'cluster' | L>({ name: `cluster_${name}`, help, labels: ['cluster', ...labels] });
  const lagMessages = gauge('lag_messages', 'Records of the log that the cluster lacks.');
  const lagSeconds = gauge('lag_seconds', 'Age of the oldest of them.');
  const partitionMessages = gauge(
    'partition_lag_messages',
    'The same by partition, of those behind.',
    'topic',
    'partition',
  );
  const partitionSeconds = gauge('partition_lag_seconds', 'Age of the oldest of them.', 'topic', 'partition');
  const troubled = gauge('partitions_in_trouble', 'Partitions that stand still.');
  const refused = gauge('topics_refused', 'Topics that are not published although they are routed.');
  const shifted = gauge(
    'offsets_shifted',
    '1 when any record has another offset on the cluster than in the log, else 0.',
  );
  const publishers = gauge('publishers', '1 while any instance publishes to the cluster, else 0.');

  return new Loop({
    name: 'cluster lag',
    step: async () => {
      const clusters = await readClusters(db);
      const lags = clusters.length === 0 ? [] : await readClusterLag(db);
      // A cluster that was removed leaves no value behind.
      for (const each of [lagMessages, lagSeconds, troubled, refused, shifted, publishers]) each.reset();
      for (const each of [partitionMessages, partitionSeconds]) each.reset();
      for (const { cluster, messages, behindMs, partitions } of lags) {
        lagMessages.set({ cluster }, Number(messages));
        lagSeconds.set({ cluster }, behindMs / 1_000);
        const furthest = partitions.toSorted((a, b) => b.behindMs - a.behindMs).slice(0, PARTITIONS_MAX);
        for (const { topic, partition, messages: lacking, behindMs: age } of furthest) {
          partitionMessages.set({ cluster, topic, partition: String(partition) }, Number(lacking));
          partitionSeconds.set({ cluster, topic, partition: String(partition) }, age / 1_000);
        }
      }
      for (const { name: cluster, ...status } of clusters) {
        troubled.set({ cluster }, status.troubled);
        refused.set({ cluster }, status.topics.refused);
        shifted.set({ cluster }, status.deltaZeroEverywhere ? 0 : 1);
        publishers.set({ cluster }, status.publisher === null ? 0 : 1);
      }
      return { waitMs: INTERVAL_MS };
    },
    onError: (error) => {
      logger.debug('measuring the lag of clusters failed', { error });
      return { waitMs: INTERVAL_MS };
    },
  });
}
