import type { KafkaClient } from '#libs/foundation/kafka';
import { partitionKey, type TopicPartition } from '../groups/topic-partition.ts';
import type { TopicDirectory } from './topic-directory.ts';

/**
 * Offsets of partitions, asked of their leaders, by partitionKey; only records of transactions that have ended count. A
 * partition is missing when it has no leader or its leader has no answer: then the directory is out of date. By time, -1
 * when all records are older. Throws as the client does.
 */
export async function listOffsets(
  client: Pick<KafkaClient, 'listOffsets'>,
  directory: TopicDirectory,
  of: readonly TopicPartition[],
  at: Parameters<KafkaClient['listOffsets']>[2],
): Promise<Map<string, bigint>> {
  const byLeader = new Map<number, TopicPartition[]>();
  for (const partition of of) {
    const leader = directory.leaderOf(partition)?.leader;
    if (leader !== undefined) byLeader.set(leader, [...(byLeader.get(leader) ?? []), partition]);
  }
  const found = new Map<string, bigint>();
  for (const [leader, its] of byLeader) {
    for (const each of await client.listOffsets(leader, its, at, 'read_committed')) {
      if (each.errorCode === 0) found.set(partitionKey(each), each.offset);
    }
  }
  if (found.size < of.length) directory.distrust();
  return found;
}
