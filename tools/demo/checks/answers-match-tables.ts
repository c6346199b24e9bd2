import type { Queryable } from '#libs/foundation/postgres';
import type { Answers } from '../shop/answers.ts';
import { type Check, count, finding } from './check.ts';

interface OrderRow {
  id: string;
  status: string;
  total_cents: number;
}

/** Each order that a customer was told of is in the tables as told, and there is no other. */
export function answersMatchTables(db: Queryable, answers: Answers): Check {
  return {
    title: 'the tables say what the customers were told',
    run: async () => {
      const { rows } = await db.query<OrderRow & { [column: string]: unknown }>(
        'select id, status, total_cents from orders.orders',
      );
      const deliveries = await db.query<{ count: number }>(
        `select count(*)::integer from orders.stock_movement where reason = 'delivered'`,
      );
      const stored = new Map(rows.map((row) => [row.id, row]));
      const differences: string[] = [];
      for (const [id, told] of answers.orders) {
        const row = stored.get(id);
        stored.delete(id);
        const expected = `${told.status}, ${told.totalCents} cents`;
        const found = row === undefined ? 'missing' : `${row.status}, ${row.total_cents} cents`;
        if (found !== expected) differences.push(`order ${id}: told ${expected}; table ${found}`);
      }
      for (const id of stored.keys()) differences.push(`order ${id} is in the table, and nobody was told`);
      const delivered = deliveries.rows[0]!.count;
      if (delivered !== answers.deliveries) {
        differences.push(`${answers.deliveries} deliveries were confirmed, ${delivered} are in the table`);
      }
      const figures = `${count(answers.orders.size)} confirmed orders = ${count(rows.length)} rows; ${count(answers.refusedInAll)} refusals left no row`;
      return finding(figures, differences);
    },
  };
}
