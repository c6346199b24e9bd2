import type { Queryable } from '#libs/foundation/postgres';
import { failuresOf } from '../../../examples/orders/src/shipping/carrier/flaky-carriers.ts';
import { type Check, count, finding } from './check.ts';

/** Calls that are made in place; see the handler's options. */
const IN_PLACE = 3;

/** Parcels with their calls, and how often their orders went through the retry topic. Whole tables. */
const CALLS = /* sql */ `
  select p.order_id, p.tracking_number, p.attempts, coalesce(r.times, 0)::integer as retried
  from shipping.parcel p
  left join (select convert_from(m.key, 'UTF8') as key, count(*) as times
             from outbox.message m join outbox.topic t on t.id = m.topic_id
             where t.name = 'orders.shipped.shipping.retry' group by 1) r on r.key = p.order_id::text
  order by p.order_id`;

interface Row {
  [column: string]: unknown;
  order_id: string;
  tracking_number: string;
  attempts: number;
  retried: number;
}

/** Each parcel took as many calls as its carrier failed, and one more; where those in place did not do, by the retry topic, once. */
export function carriersAskedAgain(db: Queryable, carrierSeed: number): Check {
  return {
    title: 'carriers that failed were asked again until they took it',
    run: async () => {
      const { rows } = await db.query<Row>(CALLS);
      const differences = rows.flatMap(({ order_id, tracking_number, attempts, retried }) => {
        const wanted = failuresOf(carrierSeed, tracking_number) + 1;
        const expected = `${wanted} calls, ${wanted > IN_PLACE ? 1 : 0} times in the retry topic`;
        const found = `${attempts} calls, ${retried} times in the retry topic`;
        return found === expected ? [] : [`order ${order_id}: ${found} instead of ${expected}`];
      });
      const again = rows.filter((row) => row.attempts > 1).length;
      const retried = rows.filter((row) => row.retried > 0).length;
      return finding(`${count(again)} parcels retried, ${count(retried)} of them by the retry topic`, differences);
    },
  };
}
