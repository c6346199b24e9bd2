import type { Queryable } from '#libs/foundation/postgres';
import { TOPICS } from '../../../examples/orders/src/events.ts';
import { type Check, count, DIFFERENCES_MAX, finding } from './check.ts';

/** The history tables and the outbox, change by change; $1: the topics of the orders service. Runs once, over whole tables. */
const COMPARISON = /* sql */ `
  with change as (
    select case status when 'placed' then 'orders.placed' when 'paid' then 'payments.received'
                       when 'shipped' then 'orders.shipped' when 'cancelled' then 'orders.cancelled' end as topic,
           order_id::text as key, version
    from orders.order_change
    union all
    select 'stock.changed', sku, version from orders.stock_movement
  ), sent as (
    select t.name as topic, convert_from(m.key, 'UTF8') as key,
           (select h ->> 1 from jsonb_array_elements(m.headers) h where h ->> 0 = 'version')::integer as version, count(*) as times
    from outbox.message m join outbox.topic t on t.id = m.topic_id
    where t.name = any($1)
    group by 1, 2, 3
  ), compared as (
    select topic, key, version, coalesce(c.changed, false) as changed, coalesce(s.times, 0) as times
    from (select topic, key, version, true as changed from change) c full join sent s using (topic, key, version)
  )`;

interface Row {
  [column: string]: unknown;
  topic: string;
  key: string;
  version: number;
  changed: boolean;
  times: number;
}

/** A committed change has exactly one message; a change that was rolled back has none. */
export function changesMatchMessages(db: Queryable): Check {
  return {
    title: 'each committed change sent one message, others none',
    run: async () => {
      const totals = await db.query<{ changes: number; messages: number; wrong: number }>(
        `${COMPARISON}
         select count(*) filter (where changed)::integer as changes, coalesce(sum(times), 0)::integer as messages,
                count(*) filter (where not changed or times <> 1)::integer as wrong
         from compared`,
        [TOPICS],
      );
      const { changes, messages, wrong } = totals.rows[0]!;
      const figures = `${count(changes)} changes = ${count(messages)} messages`;
      if (wrong === 0) return finding(figures, []);
      const { rows } = await db.query<Row>(
        `${COMPARISON}
         select topic, key, version, changed, times::integer from compared where not changed or times <> 1
         order by topic, key, version limit ${DIFFERENCES_MAX}`,
        [TOPICS],
      );
      const differences = rows.map(({ topic, key, version, changed, times }) => {
        return `${topic} of ${key}, version ${version}: ${changed ? 'in the tables' : 'not in the tables'}, ${times} messages`;
      });
      return { figures, differences, differencesInAll: wrong };
    },
  };
}
