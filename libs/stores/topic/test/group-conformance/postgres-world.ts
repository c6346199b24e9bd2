import { logRecordSource } from '../../src/groups/log-record-source.ts';
import { PostgresGroupCoordinator } from '../../src/groups/postgres/postgres-group-coordinator.ts';
import { LogWatcher } from '../../src/log-watcher.ts';
import { PostgresTopicReader } from '../../src/postgres/postgres-topic-reader.ts';
import { readCursor } from '../../src/postgres/read-cursor.sql.ts';
import { emit } from '../groups-fixture.ts';
import { startLog } from '../test-log.ts';
import type { GroupWorld } from './group-world.ts';

export async function postgresWorld(): Promise<GroupWorld> {
  const log = await startLog();
  return {
    sessionTimeoutMs: 500,
    async createTopic(topic, partitions) {
      await log.db.query('select outbox.create_topic($1, $2)', [topic, partitions]);
    },
    async write(topic, partition, count) {
      await emit(log.db, topic, partition, count);
      await log.caughtUp();
    },
    async connect() {
      const watcher = new LogWatcher(
        () => readCursor(log.db),
        () => undefined,
      );
      await watcher.start();
      return {
        coordinator: new PostgresGroupCoordinator(log.db),
        source: logRecordSource(new PostgresTopicReader(log.db), watcher),
        close: () => watcher.stop(5_000),
      };
    },
    async committed(group, topic) {
      const { rows } = await log.db.query<{ partition: number; next: string }>(
        `select o.partition, o.next_offset::text as next from log.group_offset o
         join log.consumer_group g on g.id = o.group_id join outbox.topic t on t.id = o.topic_id
         where g.name = $1 and t.name = $2`,
        [group, topic],
      );
      return new Map(rows.map((row) => [row.partition, BigInt(row.next)] as const));
    },
    stop: () => log.stop(),
  };
}
