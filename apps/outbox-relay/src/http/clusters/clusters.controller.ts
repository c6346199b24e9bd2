import { Controller, Get, Inject } from '@nestjs/common';
import { z } from 'zod';
import {
  decodeCursor,
  encodeCursor,
  Endpoint,
  endpoint,
  Input,
  type InputOf,
  zCursor,
  zLimit,
  zPage,
} from '#libs/foundation/http';
import { TidemarkError } from '#libs/foundation/kernel';
import { findRoutedTopic, listRoutedTopics, readClusterLag, readSegments } from '#libs/stores/log';
import { knownCluster, knownClusters } from '../../clusters/cluster-overview.ts';
import { RELAY, type Relay } from '../../relay.ts';
import { clusterTopicView, partitionView, zClusterTopic, zClusterTopicDetail } from './cluster-topic-view.ts';
import { clusterView, zCluster } from './cluster-view.ts';
import { zClusterName, zTopicName } from './wire-names.ts';

const params = z.object({ cluster: zClusterName });
const page = { cursor: zCursor.optional(), limit: zLimit({ max: 1_000, default: 100 }) };

const listClusters = endpoint({
  summary: 'List Kafka clusters',
  description: 'Those that this relay is configured for, and those that anybody has published to.',
  role: 'viewer',
  query: z.object(page),
  response: zPage(zCluster),
});
const describeCluster = endpoint({
  summary: 'Describe a Kafka cluster, with a page of its topics',
  role: 'viewer',
  params,
  query: z.object(page),
  response: z.strictObject({ cluster: zCluster, ...zPage(zClusterTopic).shape }),
  errors: ['CLUSTER_UNKNOWN'],
});
const describeClusterTopic = endpoint({
  summary: 'Describe a topic on a Kafka cluster, partition by partition',
  role: 'viewer',
  params: params.extend({ topic: zTopicName }),
  response: zClusterTopicDetail,
  errors: ['CLUSTER_UNKNOWN', 'TOPIC_UNKNOWN', 'TOPIC_NOT_PUBLISHED'],
});

@Controller('v1/clusters')
export class ClustersController {
  constructor(@Inject(RELAY) private readonly relay: Relay) {}

  @Get()
  @Endpoint(listClusters)
  async listClusters(@Input() { query }: InputOf<typeof listClusters>) {
    const after = query.cursor === undefined ? '' : decodeCursor(query.cursor, z.string());
    const all = await knownClusters(this.relay.db, this.relay.clusters);
    const rest = all.filter(({ name }) => name > after);
    const items = rest.slice(0, query.limit);
    const nextCursor = rest.length > query.limit ? encodeCursor(items.at(-1)!.name) : null;
    return { items: items.map(clusterView), nextCursor };
  }

  @Get(':cluster')
  @Endpoint(describeCluster)
  async describeCluster(@Input() input: InputOf<typeof describeCluster>) {
    const { cursor, limit } = input.query;
    const cluster = await knownCluster(this.relay.db, this.relay.clusters, input.params.cluster);
    const after = cursor === undefined ? '' : decodeCursor(cursor, z.string());
    const topics =
      cluster.status === undefined
        ? []
        : await listRoutedTopics(this.relay.db, cluster.status.clusterId, { after, limit: limit + 1 });
    const items = topics.slice(0, limit);
    const nextCursor = topics.length > limit ? encodeCursor(items.at(-1)!.topic) : null;
    return { cluster: clusterView(cluster), items: items.map(clusterTopicView), nextCursor };
  }

  @Get(':cluster/topics/:topic')
  @Endpoint(describeClusterTopic)
  async describeClusterTopic(@Input() input: InputOf<typeof describeClusterTopic>) {
    const { cluster: name, topic: topicName } = input.params;
    const { db, clusters, reader } = this.relay;
    const cluster = await knownCluster(db, clusters, name);
    const ranges = await reader.ranges(topicName);
    const topic = cluster.status && (await findRoutedTopic(db, cluster.status.clusterId, topicName));
    if (topic === undefined) {
      throw new TidemarkError('TOPIC_NOT_PUBLISHED', `whether '${topicName}' goes to '${name}' is not decided yet`);
    }
    const published = await readSegments(db, name, topicName);
    const lag = (await readClusterLag(db)).find((each) => each.cluster === name);
    const lanes = cluster.here?.publisher.status().lanes.filter((lane) => lane.topic === topicName);
    const partitions = ranges.map((range) =>
      partitionView(
        range,
        published.find(({ partition }) => partition === range.partition),
        lag?.partitions.find((each) => each.topicId === topic.topicId && each.partition === range.partition),
        lanes?.find(({ partition }) => partition === range.partition),
      ),
    );
    return { ...clusterTopicView(topic), partitions };
  }
}
