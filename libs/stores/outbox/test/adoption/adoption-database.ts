import type { TestDatabase } from '#libs/foundation/testing';

export interface EmittedMessage {
  readonly key: string | null;
  readonly payload: string | null;
  readonly headers: unknown;
  readonly partition: number | null;
  readonly message_id: string;
}

/** Messages of a topic, in order of position. */
export async function messagesOf(database: TestDatabase, topic: string): Promise<EmittedMessage[]> {
  const { rows } = await database.db.query<EmittedMessage & { [column: string]: unknown }>(
    `select encode(m.key, 'escape') as key, encode(m.payload, 'escape') as payload, m.headers, m.partition, m.message_id
     from outbox.message m join outbox.topic t on t.id = m.topic_id where t.name = $1 order by m.id`,
    [topic],
  );
  return rows;
}

/** All that the catalog says about a table, and the functions and adoptions of the database. */
export async function catalogOf(database: TestDatabase, table: string): Promise<unknown> {
  const { rows } = await database.db.query(
    `select (select json_agg(a order by a.attnum) from pg_attribute a where a.attrelid = c.oid) as attributes,
            (select json_agg(pg_get_constraintdef(k.oid) order by k.oid) from pg_constraint k where k.conrelid = c.oid) as constraints,
            (select json_agg(pg_get_indexdef(i.indexrelid) order by i.indexrelid) from pg_index i where i.indrelid = c.oid) as indexes,
            (select json_agg(pg_get_triggerdef(t.oid) order by t.oid) from pg_trigger t where t.tgrelid = c.oid) as triggers,
            (select json_agg(p.oid::regprocedure::text order by p.oid) from pg_proc p where p.pronamespace in ('outbox'::regnamespace, 'public'::regnamespace)) as functions,
            (select count(*)::integer from outbox.adoption where relation = c.oid) as adoptions,
            (select count(*)::integer from outbox.adoption_backlog) as backlog,
            c.relacl::text, c.relowner::text, c.reloptions::text
     from pg_class c where c.oid = $1::regclass`,
    [table],
  );
  return rows;
}
