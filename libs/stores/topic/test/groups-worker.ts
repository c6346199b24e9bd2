import { Database } from '#libs/foundation/postgres';
import { TidemarkError } from '#libs/foundation/kernel';
import { GroupMember } from '../src/groups/group-member.ts';
import { logRecordSource } from '../src/groups/log-record-source.ts';
import { PostgresGroupCoordinator } from '../src/groups/postgres/postgres-group-coordinator.ts';
import type { PolledPartition } from '../src/groups/owned-partitions.ts';
import { LogWatcher } from '../src/log-watcher.ts';
import { PostgresTopicReader } from '../src/postgres/postgres-topic-reader.ts';
import { readCursor } from '../src/postgres/read-cursor.sql.ts';

/** What a worker did; its primary key refuses a record that is handled twice. */
export const HANDLED_TABLE = `
  create table handled (
    id         bigint generated always as identity,
    topic      text not null,
    partition  integer not null,
    "offset"   bigint not null,
    worker     text not null,
    primary key (topic, partition, "offset")
  )`;

/**
 * A consumer as an application would write one: each polled partition is one transaction with its effects and its
 * offset. Runs until the signal is aborted, then leaves.
 */
export async function runWorker(options: {
  url: string;
  group: string;
  topic: string;
  name: string;
  signal: AbortSignal;
}): Promise<void> {
  const db = new Database({ url: options.url, poolMax: 4, applicationName: options.name });
  const watcher = new LogWatcher(
    () => readCursor(db),
    () => undefined,
  );
  const member = new GroupMember({
    coordinator: new PostgresGroupCoordinator(db),
    source: logRecordSource(new PostgresTopicReader(db), watcher),
    group: options.group,
    topics: [options.topic],
    client: { worker: options.name },
    sessionTimeoutMs: 1_000,
    heartbeatMs: 200,
    rebalanceHeartbeatMs: 20,
  });
  await watcher.start();
  await member.start();
  try {
    while (!options.signal.aborted) {
      for (const polled of await member.poll({ maxRecords: 20, maxBytes: 100_000, waitMs: 50 })) {
        await handle(db, member, polled, options.name);
      }
    }
  } finally {
    await member.stop({ deadlineMs: 5_000 });
    await watcher.stop(5_000);
    await db.close();
  }
}

async function handle(
  db: Database,
  member: GroupMember,
  { topic, partition, records }: PolledPartition,
  name: string,
): Promise<void> {
  const nextOffset = records.at(-1)!.offset + 1n;
  try {
    await db.transaction(async (tx) => {
      await tx.query(
        `insert into handled (topic, partition, "offset", worker) select $1, $2, n, $3 from generate_series($4::bigint, $5::bigint) n`,
        [topic, partition, name, records[0]!.offset.toString(), (nextOffset - 1n).toString()],
      );
      await member.commit({ offsets: [{ topic, partition, nextOffset }], tx });
    });
  } catch (error) {
    // Somebody else owns the partition: it handles the records.
    if (!(error instanceof TidemarkError) || error.code !== 'GROUP_FENCED') throw error;
  }
}
