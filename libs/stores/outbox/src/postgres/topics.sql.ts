import type { Queryable } from '#libs/foundation/postgres';
import type { Topic, TopicSettings } from '../topic.ts';

interface TopicRow {
  id: number;
  name: string;
  partitions: number;
  ordering: 'key' | 'insert';
  max_message_bytes: number;
  retention_ms: string | null;
  schema_required: boolean;
  created_at: Date;
}

const COLUMNS =
  't.id, t.name, t.partitions, t.ordering, t.max_message_bytes, t.retention_ms, t.schema_required, t.created_at';

function topicOf(row: TopicRow): Topic {
  return {
    id: row.id,
    name: row.name,
    partitions: row.partitions,
    ordering: row.ordering,
    maxMessageBytes: row.max_message_bytes,
    retentionMs: row.retention_ms === null ? null : BigInt(row.retention_ms),
    schemaRequired: row.schema_required,
    createdAt: row.created_at,
  };
}

/** In one transaction, if a schema is to be required. Throws TOPIC_EXISTS, TOPIC_INVALID. Locks: the new row. */
export async function createTopic(db: Queryable, name: string, settings: TopicSettings = {}): Promise<Topic> {
  const result = await db.query<TopicRow>(
    `select ${COLUMNS} from outbox.create_topic($1, coalesce($2, 6), coalesce($3, 'key'), coalesce($4, 1000000), $5) t`,
    [
      name,
      settings.partitions ?? null,
      settings.ordering ?? null,
      settings.maxMessageBytes ?? null,
      settings.retentionMs ?? null,
    ],
  );
  const topic = topicOf(result.rows[0]!);
  return settings.schemaRequired === true ? requireSchemas(db, topic, true) : topic;
}

/**
 * Changes the settings given, in one transaction; partitions only grow. Throws TOPIC_UNKNOWN, TOPIC_INVALID. Locks: the
 * topic's row, not its writers.
 */
export async function alterTopic(db: Queryable, name: string, settings: TopicSettings): Promise<Topic> {
  const result = await db.query<TopicRow>(`select ${COLUMNS} from outbox.alter_topic($1, $2, $3, $4, $5, $6) t`, [
    name,
    settings.partitions ?? null,
    settings.ordering ?? null,
    settings.maxMessageBytes ?? null,
    settings.retentionMs ?? null,
    settings.retentionMs === null,
  ]);
  const topic = topicOf(result.rows[0]!);
  const required = settings.schemaRequired;
  return required === undefined ? topic : requireSchemas(db, topic, required);
}

/** Index: outbox.topic(name). Locks: the topic's row. */
async function requireSchemas(db: Queryable, topic: Topic, required: boolean): Promise<Topic> {
  await db.query('select outbox.require_schemas($1, $2)', [topic.name, required]);
  return { ...topic, schemaRequired: required };
}

/** Index: outbox.topic(name). */
export async function findTopic(db: Queryable, name: string): Promise<Topic | undefined> {
  const result = await db.query<TopicRow>(`select ${COLUMNS} from outbox.topic t where t.name = $1`, [name]);
  return result.rows[0] === undefined ? undefined : topicOf(result.rows[0]);
}

/** Topics in order of name after `afterName`, at most `limit`. Index: outbox.topic(name). */
export async function listTopics(db: Queryable, afterName: string, limit: number): Promise<Topic[]> {
  const result = await db.query<TopicRow>(
    `select ${COLUMNS} from outbox.topic t where t.name > $1 order by t.name limit $2`,
    [afterName, limit],
  );
  return result.rows.map(topicOf);
}

/** Partitions per topic id, of all topics. Reads outbox.topic whole. */
export async function readPartitionCounts(db: Queryable): Promise<Map<number, number>> {
  const result = await db.query<{ id: number; partitions: number }>('select t.id, t.partitions from outbox.topic t');
  return new Map(result.rows.map((row) => [row.id, row.partitions]));
}
