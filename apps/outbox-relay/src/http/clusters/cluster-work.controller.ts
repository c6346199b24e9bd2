import { Controller, Delete, Inject, Post } from '@nestjs/common';
import { z } from 'zod';
import {
  Endpoint,
  endpoint,
  Input,
  type InputOf,
  Writes,
  type WriteTransaction,
  zInt64Text,
  zOffset,
  zPartition,
} from '#libs/foundation/http';
import { TidemarkError } from '#libs/foundation/kernel';
import { readSegments, removeCluster, requestClusterWork, type WorkAsked } from '#libs/stores/log';
import { RELAY, type Relay } from '../../relay.ts';
import { zClusterName, zTopicName } from './wire-names.ts';

const params = z.object({ cluster: zClusterName });

const resyncCluster = endpoint({
  summary: 'Ask the cluster again where partitions end, and put back what is missing there',
  description:
    'Whoever publishes to the cluster does it within a second; partitions that stopped are looked at again too. Without a topic: all.',
  role: 'operator',
  params,
  body: z.strictObject({ topic: zTopicName.optional(), partition: z.int().min(0).max(2_147_483_647).optional() }),
  response: z.strictObject({ partitions: z.int().meta({ description: 'How many were asked for.' }) }),
  errors: ['CLUSTER_UNKNOWN', 'TOPIC_UNKNOWN', 'TOPIC_NOT_PUBLISHED', 'PARTITION_INVALID'],
});
const deleteCluster = endpoint({
  summary: 'Forget a cluster that is not published to any more',
  description:
    'It holds back retention no longer. Nothing on the cluster itself changes; publishing to it again would send every record once more.',
  role: 'admin',
  params,
  response: z.strictObject({
    removed: z.string(),
    kafkaClusterId: z.string().nullable(),
    producerId: zInt64Text.nullable(),
    producerEpoch: z.int().nullable(),
    required: z.boolean(),
    mode: z.string().nullable(),
    partitions: z.int(),
    ackedRecords: zInt64Text,
  }),
  errors: ['CLUSTER_UNKNOWN', 'CLUSTER_IN_USE'],
});
const acceptPartition = endpoint({
  summary: 'Go on with a partition that stopped, behind what the cluster holds',
  description:
    'For a partition that stopped because the cluster has records that the log has not, or other ones: they stay, and the record at `fromOffset` of the log is the next behind them. The reason is kept in the audit.',
  role: 'admin',
  params: params.extend({ topic: zTopicName, partition: zPartition }),
  body: z.strictObject({ fromOffset: zOffset, reason: z.string().trim().min(1).max(1_000) }),
  response: z.strictObject({
    cluster: z.string(),
    topic: z.string(),
    partition: z.int(),
    fromOffset: zInt64Text,
    trouble: z.string().meta({ description: 'Why it had stopped.' }),
  }),
  errors: [
    'CLUSTER_UNKNOWN',
    'TOPIC_UNKNOWN',
    'TOPIC_NOT_PUBLISHED',
    'PARTITION_INVALID',
    'PARTITION_NOT_STOPPED',
    'OFFSET_OUT_OF_RANGE',
  ],
});

/** What people decide about a cluster. Nothing of it needs a connection to the cluster from here. */
@Controller('v1/clusters')
export class ClusterWorkController {
  constructor(
    @Inject(RELAY) private readonly relay: Relay,
    @Inject(Writes) private readonly writes: Writes,
  ) {}

  @Post(':cluster/resync')
  @Endpoint(resyncCluster)
  async resyncCluster(@Input() input: InputOf<typeof resyncCluster>) {
    const { cluster } = input.params;
    const { topic, partition } = input.body;
    if (topic !== undefined) await this.#checkPlace(topic, partition);
    const audited = { action: 'cluster.resync', target: cluster, detail: { topic, partition } };
    return this.writes.run(input, audited, async (tx) => ({
      partitions: await ask(tx, { cluster, topic, partition }),
    }));
  }

  @Delete(':cluster')
  @Endpoint(deleteCluster)
  deleteCluster(@Input() input: InputOf<typeof deleteCluster>) {
    const { cluster } = input.params;
    return this.writes.run(input, { action: 'cluster.remove', target: cluster }, async (tx) => ({
      removed: cluster,
      ...(await removeCluster(tx, cluster)),
    }));
  }

  @Post(':cluster/topics/:topic/partitions/:partition/accept')
  @Endpoint(acceptPartition)
  async acceptPartition(@Input() input: InputOf<typeof acceptPartition>) {
    const { cluster, topic, partition } = input.params;
    const { fromOffset, reason } = input.body;
    const range = await this.relay.reader.range(topic, partition);
    if (fromOffset < range.startOffset || fromOffset > range.endOffset) {
      throw new TidemarkError('OFFSET_OUT_OF_RANGE', `${topic}-${partition} of the log does not reach ${fromOffset}`, {
        context: { startOffset: range.startOffset.toString(), endOffset: range.endOffset.toString() },
      });
    }
    const detail = { topic, partition, fromOffset: fromOffset.toString(), reason };
    return this.writes.run(input, { action: 'cluster.accept', target: cluster, detail }, async (tx) => {
      const known = (await readSegments(tx, cluster, topic)).find((each) => each.partition === partition);
      const trouble = known?.trouble ?? null;
      if (trouble === null)
        throw new TidemarkError('PARTITION_NOT_STOPPED', `${topic}-${partition} on '${cluster}' does not stand still`);
      await ask(tx, { cluster, topic, partition, acceptFrom: fromOffset });
      return { cluster, topic, partition, fromOffset: fromOffset.toString(), trouble };
    });
  }

  /** Throws TOPIC_UNKNOWN and PARTITION_INVALID. */
  async #checkPlace(topic: string, partition: number | undefined): Promise<void> {
    if (partition === undefined) await this.relay.reader.ranges(topic);
    else await this.relay.reader.range(topic, partition);
  }
}

async function ask(tx: WriteTransaction, asked: WorkAsked): Promise<number> {
  const count = await requestClusterWork(tx, asked);
  if (count > 0 || asked.topic === undefined) return count;
  throw new TidemarkError('TOPIC_NOT_PUBLISHED', `topic '${asked.topic}' is not published to '${asked.cluster}'`);
}
