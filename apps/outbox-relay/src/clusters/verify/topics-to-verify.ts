import { TidemarkError } from '#libs/foundation/kernel';
import { findRoutedTopic, listRoutedTopics, type RoutedTopic } from '#libs/stores/log';
import type { VerifyParts } from './verify-parts.ts';

const PAGE = 1_000;

/**
 * The topics that are published to the cluster, in order of name, or the one that is asked for. Throws TOPIC_UNKNOWN,
 * TOPIC_NOT_PUBLISHED and PARTITION_INVALID.
 */
export async function topicsToVerify(
  { db, cluster, reader }: Pick<VerifyParts, 'db' | 'cluster' | 'reader'>,
  { topic, partition }: { readonly topic?: string; readonly partition?: number },
): Promise<RoutedTopic[]> {
  if (topic !== undefined) {
    const ranges = await reader.ranges(topic);
    if (partition !== undefined && partition >= ranges.length)
      throw new TidemarkError('PARTITION_INVALID', `topic '${topic}' has ${ranges.length} partitions, from 0`);
    const found = await findRoutedTopic(db, cluster.clusterId, topic);
    if (found?.state === 'publishing') return [found];
    throw new TidemarkError('TOPIC_NOT_PUBLISHED', `topic '${topic}' is not published to '${cluster.name}'`);
  }
  const topics: RoutedTopic[] = [];
  let page: RoutedTopic[];
  do {
    page = await listRoutedTopics(db, cluster.clusterId, { after: topics.at(-1)?.topic, limit: PAGE });
    topics.push(...page);
  } while (page.length === PAGE);
  return topics.filter(({ state }) => state === 'publishing');
}
