import type { Database } from '#libs/foundation/postgres';
import { createTestDatabase } from '#libs/foundation/testing';
import { acquireLease, type Batch, commitStep, partitionKey } from '#libs/stores/log';

/** Messages per step. */
const STEP_MAX = 50;

/** A database of its own whose outbox is sequenced when the test says so, in steps of at most 50 messages. */
export interface HandSequencedOutbox {
  readonly db: Database;
  /** Returns the id of the topic. */
  createTopic(name: string, partitions: number): Promise<number>;
  /** Messages spread over all partitions, or all in one. */
  emit(topic: string, count: number, partition?: number | null, bytes?: number): Promise<unknown>;
  /** Puts every message into the log. */
  sequence(): Promise<void>;
  drop(): Promise<void>;
}

interface Pending {
  id: string;
  topic_id: number;
  partition: number;
  us: number;
  bytes: number;
}

/** One batch per partition, from where the partition ends, which is moved on. */
function batchesOf(messages: readonly Pending[], ends: Map<string, bigint>): Batch[] {
  const groups = new Map<string, Pending[]>();
  for (const message of messages) {
    const key = partitionKey(message.topic_id, message.partition);
    groups.set(key, [...(groups.get(key) ?? []), message]);
  }
  return [...groups].map(([key, group]) => {
    const baseOffset = ends.get(key) ?? 0n;
    ends.set(key, baseOffset + BigInt(group.length));
    const times = { firstUs: group[0]!.us, lastUs: group.at(-1)!.us, highUs: group.at(-1)!.us };
    return {
      topicId: group[0]!.topic_id,
      partition: group[0]!.partition,
      baseOffset,
      positions: group.map(({ id }) => BigInt(id)),
      bytes: group.reduce((sum, { bytes }) => sum + bytes, 0),
      ...times,
      placeholders: 0,
    };
  });
}

export async function handSequencedOutbox(): Promise<HandSequencedOutbox> {
  const database = await createTestDatabase();
  const { db } = database;
  const lease = (await acquireLease(db, 'test', { host: 'test', pid: process.pid }, 600_000))!;
  const ends = new Map<string, bigint>();
  let from = 0n;
  const step = async (): Promise<boolean> => {
    const { rows } = await db.query<Pending>(
      `select m.id, m.topic_id, coalesce(m.partition, m.id % t.partitions)::integer as partition,
              round(date_part('epoch', m.created_at) * 1000000) as us, octet_length(m.payload) as bytes
       from outbox.message m join outbox.topic t on t.id = m.topic_id where m.id > $1 order by m.id limit $2`,
      [from, STEP_MAX],
    );
    if (rows.length === 0) return false;
    const to = BigInt(rows.at(-1)!.id);
    const batches = batchesOf(rows, ends);
    const committed = await commitStep(db, {
      term: lease.term,
      from,
      to,
      leaseMs: 600_000,
      batches,
      placeholders: [],
    });
    if (!committed) throw new Error(`the step from ${from} to ${to} was refused`);
    from = to;
    return true;
  };
  return {
    db,
    createTopic: async (name, partitions) => {
      await db.query('select outbox.create_topic($1, $2)', [name, partitions]);
      const found = await db.query<{ id: number }>('select id from outbox.topic where name = $1', [name]);
      return found.rows[0]!.id;
    },
    emit: (topic, count, partition = null, bytes = 100) =>
      db.query(
        `select outbox.emit_bytes($1, null, convert_to(rpad(n::text, $4, 'x'), 'UTF8'), partition => $3)
         from generate_series(1, $2::integer) n`,
        [topic, count, partition, bytes],
      ),
    sequence: async () => {
      while (await step());
    },
    drop: () => database.drop(),
  };
}
