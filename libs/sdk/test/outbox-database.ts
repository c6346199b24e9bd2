import { createTestDatabase, type TestDatabase } from '#libs/foundation/testing';

/** A migrated database with the topics of these tests and a business table. */
export async function outboxDatabase(): Promise<TestDatabase> {
  const database = await createTestDatabase();
  await database.db.query(`select outbox.create_topic('orders'), outbox.create_topic('payments')`);
  await database.db.query('create table business (id text primary key)');
  return database;
}

export interface StoredMessage {
  readonly topic: string;
  readonly key: string | null;
  readonly payload: string | null;
  readonly headers: unknown;
  readonly partition: number | null;
  readonly message_id: string;
  readonly schema_id: number | null;
}

/** What the outbox holds, in order of position. */
export async function storedMessages(database: TestDatabase, topic?: string): Promise<StoredMessage[]> {
  const { rows } = await database.db.query<StoredMessage & { [column: string]: unknown }>(
    `select t.name as topic, encode(m.key, 'escape') as key, encode(m.payload, 'escape') as payload, m.headers, m.partition, m.message_id, m.schema_id
     from outbox.message m join outbox.topic t on t.id = m.topic_id where $1::text is null or t.name = $1 order by m.id`,
    [topic ?? null],
  );
  return rows;
}

/** Messages and business rows, for "nothing was changed". */
export async function counts(database: TestDatabase): Promise<{ messages: number; rows: number }> {
  const { rows } = await database.db.query<{ messages: number; rows: number }>(
    'select (select count(*) from outbox.message)::integer as messages, (select count(*) from business)::integer as rows',
  );
  return rows[0] as { messages: number; rows: number };
}
