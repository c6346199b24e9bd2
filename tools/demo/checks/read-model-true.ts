import type { Queryable } from '#libs/foundation/postgres';
import { type Check, count, finding } from './check.ts';

interface Comparison {
  readonly table: string;
  /** What a row of it is about. */
  readonly things: string;
  readonly truth: string;
  readonly found: string;
}

/** Each table of the read model, and the same computed from the tables of the business. Both are read whole. */
const COMPARISONS: readonly Comparison[] = [
  {
    table: 'customer_summary',
    things: 'customers',
    truth: /* sql */ `
      select o.customer_id, count(*) as placed, count(*) filter (where o.status = 'cancelled') as cancelled,
             count(p.id) as paid, count(*) filter (where o.status = 'shipped') as shipped,
             sum(o.total_cents) as ordered_cents, coalesce(sum(o.total_cents) filter (where o.status = 'cancelled'), 0) as cancelled_cents,
             coalesce(sum(p.amount_cents), 0) as paid_cents
      from orders.orders o left join orders.payment p on p.order_id = o.id group by o.customer_id`,
    found: /* sql */ `
      select customer_id, placed, cancelled, paid, shipped, ordered_cents, cancelled_cents, paid_cents
      from orders_view.customer_summary`,
  },
  {
    table: 'revenue_by_day',
    things: 'days',
    truth: /* sql */ `
      select (received_at at time zone 'UTC')::date as day, count(*) as payments, sum(amount_cents) as cents
      from orders.payment group by 1`,
    found: 'select day, payments, cents from orders_view.revenue_by_day',
  },
  {
    table: 'stock_level',
    things: 'articles',
    truth: 'select sku, on_hand, reserved, version from orders.stock',
    found: 'select sku, on_hand, reserved, version from orders_view.stock_level',
  },
];

/** What the projection made of the topics is what the tables of the business say. */
export function readModelTrue(db: Queryable): Check {
  return {
    title: 'the read model equals the truth',
    run: async () => {
      const differences: string[] = [];
      const figures: string[] = [];
      for (const comparison of COMPARISONS) {
        differences.push(...(await compare(db, comparison)));
        const rows = await db.query<{ count: number }>(`select count(*)::integer from orders_view.${comparison.table}`);
        figures.push(`${comparison.things} ${count(rows.rows[0]!.count)}`);
      }
      return finding(`${figures.join(', ')}; as computed from the tables`, differences);
    },
  };
}

async function compare(db: Queryable, { table, truth, found }: Comparison): Promise<string[]> {
  const { rows } = await db.query<{ kind: string; row: string }>(
    `with truth as (${truth}), found as (${found})
     select 'should be' as kind, w::text as row from (select * from truth except all select * from found) w
     union all
     select 'is', f::text from (select * from found except all select * from truth) f
     order by 2, 1`,
  );
  return rows.map(({ kind, row }) => `${table} ${kind} ${row}`);
}
