import type { Queryable } from '#libs/foundation/postgres';
import type { CustomerDelta } from '../effects.ts';

/** Index: primary key. Locks: the customers' rows, in order of id, so that members cannot deadlock. */
export async function addToCustomers(tx: Queryable, deltas: readonly CustomerDelta[]): Promise<void> {
  await tx.query(
    `insert into orders_view.customer_summary as c
            (customer_id, placed, cancelled, paid, shipped, ordered_cents, cancelled_cents, paid_cents)
     select d.customer_id, d.placed, d.cancelled, d.paid, d.shipped, d.ordered_cents, d.cancelled_cents, d.paid_cents
     from jsonb_to_recordset($1::jsonb) as d(customer_id text, placed integer, cancelled integer, paid integer,
          shipped integer, ordered_cents bigint, cancelled_cents bigint, paid_cents bigint)
     order by d.customer_id
     on conflict (customer_id) do update
     set placed = c.placed + excluded.placed, cancelled = c.cancelled + excluded.cancelled,
         paid = c.paid + excluded.paid, shipped = c.shipped + excluded.shipped,
         ordered_cents = c.ordered_cents + excluded.ordered_cents,
         cancelled_cents = c.cancelled_cents + excluded.cancelled_cents,
         paid_cents = c.paid_cents + excluded.paid_cents`,
    [JSON.stringify(deltas)],
  );
}
