import { assign } from '../../groups/assign.ts';
import { partitionKey, type TopicPartition } from '../../groups/topic-partition.ts';
import type { MemberMetadata } from './member-metadata.ts';

export interface LedMember extends MemberMetadata {
  readonly memberId: string;
}

/**
 * What the leader of a group gives its members, as Kafka's cooperative-sticky assignor means it: a partition that shall
 * move is given to nobody as long as its owner names it. The owner finds it missing, gives it up and joins again, and then
 * it has a new owner. Of two that name it, the one of the later generation owns it; of the same generation, neither.
 */
export function leadAssignment(
  members: readonly LedMember[],
  partitions: readonly TopicPartition[],
): Map<string, TopicPartition[]> {
  const owners = ownersOf(members);
  const targets = assign(members, partitions, owners.believed);
  const given = new Map<string, TopicPartition[]>(members.map(({ memberId }) => [memberId, []]));
  for (const partition of partitions) {
    const key = partitionKey(partition);
    const target = targets.get(key);
    const named = owners.named.get(key);
    if (target === undefined) continue;
    if (named === undefined || (named.size === 1 && named.has(target))) given.get(target)!.push(partition);
    // Somebody names it wrongly: once that one has joined again without it, it goes to its owner, who must keep it till then.
    else if (owners.believed.get(key) === target && named.has(target)) given.get(target)!.push(partition);
  }
  return given;
}

function ownersOf(members: readonly LedMember[]): {
  readonly believed: Map<string, string>;
  readonly named: Map<string, Set<string>>;
} {
  const named = new Map<string, Set<string>>();
  const latest = new Map<string, { memberId: string | null; generation: number }>();
  for (const { memberId, owned, generation } of members) {
    for (const key of owned.map(partitionKey)) {
      named.set(key, (named.get(key) ?? new Set()).add(memberId));
      const other = latest.get(key);
      if (other === undefined || generation > other.generation) latest.set(key, { memberId, generation });
      else if (generation === other.generation) latest.set(key, { memberId: null, generation });
    }
  }
  const believed = new Map<string, string>();
  for (const [key, { memberId }] of latest) if (memberId !== null) believed.set(key, memberId);
  return { believed, named };
}
