import type { Database, Queryable } from '#libs/foundation/postgres';
import type { WriteOrder } from './transaction-plan.ts';

/** Topic of the versions of aggregates: one key per aggregate. */
export const TOPIC = 'aggregates';
/** Topic of messages without keys. */
export const NOTES = 'notes';

/**
 * The business tables, in which the truth is: `aggregate.version` counts the changes of an aggregate, and
 * `change` says which of them a message tells about. A message may be written before its change has a number.
 */
export async function createBusiness(db: Database): Promise<void> {
  await db.query(`select outbox.create_topic('${TOPIC}', 3), outbox.create_topic('${NOTES}', 3)`);
  await db.query(`
    create table public.aggregate (id text primary key, version bigint not null);
    create table public.change (message_id uuid primary key, aggregate text not null, version bigint not null, unique (aggregate, version));
    create table public.unrelated (at timestamptz not null default clock_timestamp());
    -- The xmin recipe stores the xid beside each message. Here it is in the payload, so that all readers read one table.
    create function public.xid_of(payload bytea) returns bigint language sql immutable
      as $$ select (convert_from(payload, 'UTF8')::jsonb ->> 'xid')::bigint $$;
    create index message_xid on outbox.message (public.xid_of(payload), id)`);
}

/** Changes an aggregate and emits a message about it, in the order asked for. */
export async function writeAggregate(tx: Queryable, id: string, order: WriteOrder): Promise<void> {
  if (order === 'lock-emit-update') await tx.query('select from public.aggregate where id = $1 for update', [id]);
  const emittedFirst = order === 'update-then-emit' ? undefined : await emitChange(tx, id);
  const updated = await tx.query<{ version: string }>(
    'update public.aggregate set version = version + 1 where id = $1 returning version',
    [id],
  );
  const messageId = emittedFirst ?? (await emitChange(tx, id));
  await tx.query('insert into public.change (message_id, aggregate, version) values ($1, $2, $3)', [
    messageId,
    id,
    updated.rows[0]!.version,
  ]);
}

async function emitChange(tx: Queryable, id: string): Promise<string> {
  const emitted = await tx.query<{ id: string }>(
    `select outbox.emit('${TOPIC}', $1, jsonb_build_object('xid', pg_current_xact_id()::text::bigint)) as id`,
    [id],
  );
  return emitted.rows[0]!.id;
}

export async function writeNote(tx: Queryable): Promise<void> {
  await tx.query(`select outbox.emit('${NOTES}', null, jsonb_build_object('xid', pg_current_xact_id()::text::bigint))`);
}
