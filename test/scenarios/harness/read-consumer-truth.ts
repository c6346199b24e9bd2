import type { Database } from '#libs/foundation/postgres';
import type { ConsumerTruth, WrittenOrder } from './consumer-truth.ts';
import { FOLLOW_UPS, type Order, ORDERS } from './consumer-setup.ts';

/** What handlers write. Nothing in it keeps an effect from being there twice. */
export const EFFECT_TABLE = `create table effect (
  id bigint generated always as identity, group_name text not null, message_id uuid not null, key text not null,
  n integer not null, attempt integer not null, at timestamptz not null)`;

const MESSAGES = `
  select t.name as topic, m.message_id as "messageId", convert_from(m.key, 'UTF8') as key,
         convert_from(m.payload, 'UTF8') as payload, coalesce(m.headers, '[]') as headers
  from outbox.message m join outbox.topic t on t.id = m.topic_id`;

interface MessageRow {
  readonly topic: string;
  readonly messageId: string;
  readonly key: string;
  readonly payload: string;
  readonly headers: readonly (readonly [string, string | { readonly base64: string } | null])[];
}

interface Done {
  readonly group: string;
  readonly messageId: string;
}

/** What is not done yet, as far as counts can tell. */
export async function readUnsettled(
  db: Database,
): Promise<{ readonly withoutEffect: number; readonly retrying: number; readonly parked: number }> {
  const { rows } = await db.query<{ withoutEffect: number; retrying: number; parked: number }>(
    `select ((select count(distinct m.message_id) * 2 from outbox.message m join outbox.topic t on t.id = m.topic_id where t.name = $1)
             - (select count(*) from effect) - (select count(*) from inbox.failure where state = 'dead'))::integer as "withoutEffect",
            (select count(*) from inbox.failure where state = 'retrying')::integer as retrying,
            (select count(*) from inbox.parked)::integer as parked`,
    [ORDERS],
  );
  return rows[0]!;
}

/** Reads all of it in one snapshot. */
export function readConsumerTruth(db: Database): Promise<ConsumerTruth> {
  return db.transaction(async (tx) => {
    const messages = async (where: string, name: string): Promise<MessageRow[]> =>
      (await tx.query<MessageRow>(`${MESSAGES} where ${where} order by m.id`, [name])).rows;
    const orders = new Map<string, WrittenOrder>();
    for (const { messageId, key, payload } of await messages('t.name = $1', ORDERS))
      orders.set(messageId, { messageId, key, ...(JSON.parse(payload) as Order) });
    const effects = await tx.query<Done>(
      'select group_name as "group", message_id as "messageId" from effect order by id',
    );
    const followUps = (await messages('t.name = $1', FOLLOW_UPS)).map(({ payload }) => {
      const { group, of } = JSON.parse(payload) as { group: string; of: string };
      return { group, messageId: of };
    });
    const failures = await tx.query<Done & { readonly state: string }>(
      'select group_name as "group", message_id as "messageId", state from inbox.failure',
    );
    const left = await tx.query<{ n: number }>(
      `select ((select count(*) from inbox.blocked_key where waiting_for is not null) + (select count(*) from inbox.parked))::integer as n`,
    );
    return {
      orders: [...orders.values()],
      effects: effects.rows,
      followUps,
      failures: failures.rows,
      deadLetters: (await messages('t.name like $1', '%.dlq')).map((row) => ({ ...row, headers: textsOf(row) })),
      left: left.rows[0]!.n,
    };
  }, 'repeatable read read only');
}

function textsOf({ headers }: MessageRow): Record<string, string | null> {
  return Object.fromEntries(
    headers.map(([name, value]) => [
      name,
      value === null || typeof value === 'string' ? value : Buffer.from(value.base64, 'base64').toString(),
    ]),
  );
}
