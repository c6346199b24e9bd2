import { TidemarkError } from '#libs/foundation/kernel';
import { Loop } from '#libs/foundation/lifecycle';
import type { GroupMember } from '#libs/stores/topic';
import type { Projection } from './projection.ts';

const POLL = { maxRecords: 500, maxBytes: 1024 * 1024, waitMs: 500 };
const RETRY_MS = 500;

/** Takes records from its share of the partitions to the projection, until it is stopped. */
export class ProjectionMember {
  readonly #member: GroupMember;
  readonly #projection: Projection;
  readonly #loop: Loop;

  constructor(member: GroupMember, projection: Projection, onError: (error: unknown) => void) {
    this.#member = member;
    this.#projection = projection;
    this.#loop = new Loop({
      name: 'projection',
      step: () => this.#step(),
      onError: (error) => {
        onError(error);
        return { waitMs: RETRY_MS };
      },
    });
  }

  async start(): Promise<void> {
    await this.#member.start();
    await this.#loop.start();
  }

  /** Ends after the records in hand; the other members then get its partitions at once. */
  async stop(deadlineMs: number): Promise<void> {
    await this.#loop.stop({ deadlineMs });
    await this.#member.stop({ deadlineMs });
  }

  async #step(): Promise<{ waitMs: number }> {
    const polled = await this.#member.poll(POLL);
    if (polled.length === 0) return { waitMs: 0 };
    const offsets = polled.map(({ topic, partition, nextOffset }) => ({ topic, partition, nextOffset }));
    const records = polled.flatMap((partition) => partition.records);
    try {
      await this.#projection.handle(records, (tx) => this.#member.commit({ offsets, tx }));
    } catch (error) {
      for (const { topic, partition, records } of polled) this.#takeAgain({ topic, partition }, records[0]!.offset);
      throw error;
    }
    return { waitMs: 0 };
  }

  /** What was rolled back is handed out again, unless another member has the partition by now: then it is handled there. */
  #takeAgain(partition: { topic: string; partition: number }, offset: bigint): void {
    try {
      this.#member.seek(partition, offset);
    } catch (error) {
      if (!(error instanceof TidemarkError && error.code === 'GROUP_FENCED')) throw error;
    }
  }
}
