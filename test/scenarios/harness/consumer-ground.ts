import type { Database } from '#libs/foundation/postgres';
import { PostgresGroupAdmin } from '#libs/stores/topic';
import { CrashBench } from './crash-bench.ts';
import type { ConsumerSetup } from './consumer-setup.ts';

/** Where consumers read from: what differs between the transports. */
export interface ConsumerGround {
  readonly url: string;
  readonly db: Database;
  /** What it says to consumer processes. */
  readonly setup: Pick<ConsumerSetup, 'kafka' | 'sessionTimeoutMs' | 'heartbeatMs'>;
  /** Partitions of the group's topics whose committed offset is not the end, a line each. */
  behind(group: string): Promise<string[]>;
  close(): Promise<void>;
}

/** Topics in Postgres, with a sequencer in a process of its own. */
export async function postgresGround(): Promise<ConsumerGround> {
  const bench = await CrashBench.open();
  await bench.sequencer().ready();
  const groups = new PostgresGroupAdmin(bench.db);
  return {
    url: bench.url,
    db: bench.db,
    setup: { sessionTimeoutMs: 1_200, heartbeatMs: 200 },
    async behind(group) {
      const { partitionStatus } = await groups.describe(group);
      return partitionStatus
        .filter(({ committedOffset, endOffset }) => committedOffset !== endOffset)
        .map(
          ({ topic, partition, committedOffset, endOffset }) =>
            `${group} ${topic}/${partition}: ${committedOffset} of ${endOffset}`,
        );
    },
    close: () => bench.close(),
  };
}
