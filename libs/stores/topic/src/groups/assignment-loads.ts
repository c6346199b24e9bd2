import type { Subscriber } from './subscriber.ts';
import { comparePartitions, partitionKey, type TopicPartition } from './topic-partition.ts';

export interface Move {
  readonly partition: TopicPartition;
  readonly from: string;
  readonly to: string;
}

interface Load {
  readonly memberId: string;
  readonly topics: ReadonlySet<string>;
  readonly byTopic: Map<string, TopicPartition[]>;
  total: number;
}

const byId = (a: Load, b: Load): number => (a.memberId < b.memberId ? -1 : 1);

/** The assignment while it is being made: what each member has so far. */
export class AssignmentLoads {
  readonly #loads: readonly Load[];
  readonly #byId: ReadonlyMap<string, Load>;
  readonly #takersOf = new Map<string, Load[]>();

  constructor(members: readonly Subscriber[]) {
    this.#loads = members
      .map((member) => ({
        memberId: member.memberId,
        topics: new Set(member.topics),
        byTopic: new Map<string, TopicPartition[]>(),
        total: 0,
      }))
      .sort(byId);
    this.#byId = new Map(this.#loads.map((load) => [load.memberId, load]));
  }

  canTake(memberId: string, topic: string): boolean {
    return this.#byId.get(memberId)?.topics.has(topic) ?? false;
  }

  /** How many members subscribe to the topic. */
  takers(topic: string): number {
    return this.#takers(topic).length;
  }

  give(partition: TopicPartition, memberId: string): void {
    const load = this.#byId.get(memberId)!;
    const ofTopic = load.byTopic.get(partition.topic);
    if (ofTopic === undefined) load.byTopic.set(partition.topic, [partition]);
    else ofTopic.push(partition);
    load.total += 1;
  }

  /** The subscriber with the fewest partitions; among equals the one with the fewest of this topic, then the first by id. */
  leastLoaded(topic: string): string | undefined {
    let best: Load | undefined;
    for (const load of this.#takers(topic)) if (best === undefined || isLighter(load, best, topic)) best = load;
    return best?.memberId;
  }

  /** A partition of the fullest member that can give one to a member with at least two fewer; undefined when balanced. */
  nextMove(): Move | undefined {
    const fullestFirst = [...this.#loads].sort((a, b) => b.total - a.total || byId(a, b));
    for (const donor of fullestFirst) {
      const move = this.#bestMoveFrom(donor);
      if (move !== undefined) return move;
    }
    return undefined;
  }

  move(move: Move): void {
    const donor = this.#byId.get(move.from)!;
    const left = donor.byTopic.get(move.partition.topic)!.filter((partition) => partition !== move.partition);
    donor.byTopic.set(move.partition.topic, left);
    donor.total -= 1;
    this.give(move.partition, move.to);
  }

  assignment(): Map<string, string> {
    const result = new Map<string, string>();
    for (const load of this.#loads) {
      for (const partitions of load.byTopic.values()) {
        for (const partition of partitions) result.set(partitionKey(partition), load.memberId);
      }
    }
    return result;
  }

  /** To the lightest taker; of the topic in which the donor is furthest ahead of it, so that topics stay spread too. */
  #bestMoveFrom(donor: Load): Move | undefined {
    let best: { taker: Load; topic: string; ahead: number } | undefined;
    for (const topic of [...donor.byTopic.keys()].sort()) {
      const taker = this.#byId.get(this.leastLoaded(topic) ?? '');
      if (countOf(donor, topic) === 0 || taker === undefined || donor.total < taker.total + 2) continue;
      const ahead = countOf(donor, topic) - countOf(taker, topic);
      if (
        best === undefined ||
        taker.total < best.taker.total ||
        (taker.total === best.taker.total && ahead > best.ahead)
      ) {
        best = { taker, topic, ahead };
      }
    }
    if (best === undefined) return undefined;
    const partition = [...donor.byTopic.get(best.topic)!].sort(comparePartitions).at(-1)!;
    return { partition, from: donor.memberId, to: best.taker.memberId };
  }

  #takers(topic: string): readonly Load[] {
    let takers = this.#takersOf.get(topic);
    if (takers === undefined) {
      takers = this.#loads.filter((load) => load.topics.has(topic));
      this.#takersOf.set(topic, takers);
    }
    return takers;
  }
}

function countOf(load: Load, topic: string): number {
  return load.byTopic.get(topic)?.length ?? 0;
}

function isLighter(a: Load, b: Load, topic: string): boolean {
  return a.total !== b.total ? a.total < b.total : countOf(a, topic) < countOf(b, topic);
}
