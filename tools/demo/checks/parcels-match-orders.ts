import type { Queryable } from '#libs/foundation/postgres';
import { OUT_OF_REACH } from '../../../examples/orders/src/shipping/carrier/carrier-rules.ts';
import { type Check, count, finding } from './check.ts';

/** Orders, parcels and events of parcels, order by order; $1: customers that nobody delivers to. Whole tables. */
const ORDERS = /* sql */ `
  with shipped as (
    select id as order_id, not starts_with(customer_id, $1) as wanted from orders.orders where status = 'shipped'
  ), booked as (
    select p.order_id, count(distinct p.id) as parcels, count(m.parcel_id) as events
    from shipping.parcel p
    left join (select convert_from(m.payload, 'UTF8')::json ->> 'parcelId' as parcel_id
               from outbox.message m join outbox.topic t on t.id = m.topic_id where t.name = 'parcels.booked') m
      on m.parcel_id = p.id::text
    group by p.order_id
  )
  select order_id, coalesce(wanted, false)::integer as wanted, coalesce(parcels, 0)::integer as parcels,
         coalesce(events, 0)::integer as events
  from shipped full join booked using (order_id) order by order_id`;

const ACCOUNTS = /* sql */ `
  select carrier, a.parcels || ' parcels, ' || a.owed_cents || ' cents' as account, b.parcels || ' parcels, ' || b.cents || ' cents' as booked
  from shipping.carrier_account a
  full join (select carrier, count(*) as parcels, sum(fee_cents) as cents from shipping.parcel group by carrier) b using (carrier)
  order by carrier`;

const EVENTS = /* sql */ `
  select count(*)::integer as events from outbox.message m join outbox.topic t on t.id = m.topic_id where t.name = 'parcels.booked'`;

interface OrderRow {
  [column: string]: unknown;
  order_id: string;
  wanted: number;
  parcels: number;
  events: number;
}

interface AccountRow {
  [column: string]: unknown;
  carrier: string;
  account: string | null;
  booked: string | null;
}

/** Consume, change, produce: an order that was shipped is one parcel, one event, one fee in its carrier's account. */
export function parcelsMatchOrders(db: Queryable): Check {
  return {
    title: 'each shipped order is one parcel, one event, one fee',
    run: async () => {
      const orders = (await db.query<OrderRow>(ORDERS, [OUT_OF_REACH])).rows;
      const accounts = (await db.query<AccountRow>(ACCOUNTS)).rows;
      const { events } = (await db.query<{ events: number }>(EVENTS)).rows[0]!;
      const parcels = orders.reduce((sum, order) => sum + order.parcels, 0);
      const differences = [
        ...orders
          .filter((order) => order.parcels !== order.wanted || order.events !== order.wanted)
          .map(
            (order) =>
              `order ${order.order_id}: ${order.parcels} parcels with ${order.events} events instead of ${order.wanted}`,
          ),
        ...accounts
          .filter(({ account, booked }) => account !== booked)
          .map(({ carrier, account, booked }) => `account of ${carrier}: ${account}; its parcels: ${booked}`),
      ];
      if (events !== parcels) differences.push(`${events} events of parcels, of which there are ${parcels}`);
      const wanted = orders.reduce((sum, order) => sum + order.wanted, 0);
      const figures = `${count(wanted)} orders = ${count(parcels)} parcels = ${count(events)} events; accounts of ${accounts.length} carriers`;
      return finding(figures, differences);
    },
  };
}
