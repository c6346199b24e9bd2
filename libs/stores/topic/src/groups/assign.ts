import { AssignmentLoads } from './assignment-loads.ts';
import type { Subscriber } from './subscriber.ts';
import { comparePartitions, partitionKey, type TopicPartition } from './topic-partition.ts';

/**
 * Who shall read what: a member for the key (partitionKey) of every partition whose topic somebody subscribes to.
 * `current` is the assignment so far; it may name members and partitions that are gone.
 *
 * - Balanced: no member has two partitions more than another one that could take one of them. Members with equal
 *   subscriptions therefore differ by at most one.
 * - Sticky: a partition stays where it is unless its member is gone or balance needs the move. With equal subscriptions
 *   no assignment as balanced moves fewer partitions; assigning again without a change moves none.
 * - Deterministic: the order of the arguments does not matter.
 */
export function assign(
  members: readonly Subscriber[],
  partitions: readonly TopicPartition[],
  current: ReadonlyMap<string, string>,
): Map<string, string> {
  const loads = new AssignmentLoads(members);
  const homeless: TopicPartition[] = [];
  for (const partition of partitions) {
    const holder = current.get(partitionKey(partition));
    if (holder !== undefined && loads.canTake(holder, partition.topic)) loads.give(partition, holder);
    else homeless.push(partition);
  }
  // The partitions that few can take come first: later ones can then make up for them.
  homeless.sort((a, b) => loads.takers(a.topic) - loads.takers(b.topic) || comparePartitions(a, b));
  for (const partition of homeless) {
    const taker = loads.leastLoaded(partition.topic);
    if (taker !== undefined) loads.give(partition, taker);
  }
  // Ends: each move lowers the sum of the squares of the loads.
  for (let move = loads.nextMove(); move !== undefined; move = loads.nextMove()) loads.move(move);
  return loads.assignment();
}
