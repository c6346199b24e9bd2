import { TidemarkError } from '#libs/foundation/kernel';
import type { ConsumerMember } from '../ports/member.ts';
import type { OwnedPartition } from './owned-partition.ts';

/** Commits what was finished out of order, and on Kafka everything. */
export class OffsetFlush {
  readonly #member: ConsumerMember;
  readonly #committed: (partition: OwnedPartition, nextOffset: bigint) => void;

  constructor(member: ConsumerMember, committed: (partition: OwnedPartition, nextOffset: bigint) => void) {
    this.#member = member;
    this.#committed = committed;
  }

  /** Of all these partitions, in one commit; one by one when that is refused. Throws what the first of those threw. */
  async run(partitions: readonly OwnedPartition[]): Promise<void> {
    const planned = this.#plan(partitions);
    if (planned.length === 0) return;
    if (planned.length === 1) return this.#oneByOne(planned);
    try {
      await this.#commit(planned);
    } catch {
      // One that is not owned any more makes the group refuse all of them. What is wrong with which one, they say by themselves.
      await this.#oneByOne(this.#plan(planned.map(({ owned }) => owned)));
    }
  }

  async #oneByOne(planned: readonly Planned[]): Promise<void> {
    const errors: unknown[] = [];
    for (const one of planned) {
      await this.#commit([one]).catch((error: unknown) => {
        if (!isCommittedUnheard(error, one)) errors.push(error);
      });
    }
    if (errors.length > 0) throw errors[0];
  }

  #plan(partitions: readonly OwnedPartition[]): Planned[] {
    return partitions.flatMap((owned) => {
      const isLast = owned.ending.aborted && owned.underWay === 0;
      const nextOffset = owned.lost.aborted ? null : owned.progress.planFlush(isLast);
      return nextOffset === null ? [] : [{ owned, nextOffset }];
    });
  }

  async #commit(planned: readonly Planned[]): Promise<void> {
    let tookEffect = false;
    try {
      await this.#member.commit({
        offsets: planned.map(({ owned: { topic, partition }, nextOffset }) => ({ topic, partition, nextOffset })),
      });
      tookEffect = true;
    } finally {
      for (const { owned } of planned) owned.progress.settle(tookEffect);
    }
    for (const { owned, nextOffset } of planned) this.#committed(owned, nextOffset);
  }
}

/** The group refuses to go back: a commit beyond this one, of which nobody heard, has taken effect. */
function isCommittedUnheard(error: unknown, { owned, nextOffset }: Planned): boolean {
  return error instanceof TidemarkError && error.code === 'GROUP_INVALID' && owned.progress.mayBeBehind(nextOffset);
}

interface Planned {
  readonly owned: OwnedPartition;
  readonly nextOffset: bigint;
}
