import type { Queryable } from '#libs/foundation/postgres';
import type { OutboxFacts } from '../../adoption/table-shape.ts';

/* Index: topic_name_key. Locks: none. */
const READ_OUTBOX_FACTS = /* sql */ `
select array(select t.name from outbox.topic t where t.name = any($1)) as topics,
       s.auto_create_topics as "autoCreateTopics", s.debezium_topic as "debeziumTopic",
       current_user::text as "currentUser",
       (select r.rolname from pg_proc p join pg_roles r on r.oid = p.proowner
        where p.oid = 'outbox.append(text,bytea,bytea,jsonb,integer,uuid,integer)'::regprocedure)::text as "outboxOwner"
from outbox.settings s`;

/** Settings of this outbox, and which of the topics named exist. */
export async function readOutboxFacts(db: Queryable, topics: readonly string[]): Promise<OutboxFacts> {
  const { rows } = await db.query<Omit<OutboxFacts, 'topics'> & { topics: string[]; [column: string]: unknown }>(
    READ_OUTBOX_FACTS,
    [topics],
  );
  const row = rows[0]!;
  return { ...row, topics: new Set(row.topics) };
}
