import type { Queryable } from '#libs/foundation/postgres';
import type { RevenueDelta } from '../effects.ts';

/** Index: primary key. Locks: the days' rows, in their order. */
export async function addToDays(tx: Queryable, deltas: readonly RevenueDelta[]): Promise<void> {
  await tx.query(
    `insert into orders_view.revenue_by_day as r (day, payments, cents)
     select d.day, d.payments, d.cents from jsonb_to_recordset($1::jsonb) as d(day date, payments integer, cents bigint)
     order by d.day
     on conflict (day) do update set payments = r.payments + excluded.payments, cents = r.cents + excluded.cents`,
    [JSON.stringify(deltas)],
  );
}
