import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createTestDatabase, type TestDatabase } from '#libs/foundation/testing';
import { PayloadReader, PostgresSchemaSource, SchemaCache } from '#libs/sdk';
import { createOrdersApp } from '../src/orders-app.ts';
import { OrdersService } from '../src/order/orders.service.ts';

const silent = { log: () => undefined, warn: () => undefined, error: () => undefined };

let database: TestDatabase;
let app: NestFastifyApplication;
let orders: OrdersService;
let url: string;
let payloads: PayloadReader;

beforeAll(async () => {
  database = await createTestDatabase();
  app = await createOrdersApp({ databaseUrl: database.url, projectionMembers: 0 }, silent);
  await app.listen(0, '127.0.0.1');
  url = await app.getUrl();
  orders = app.get(OrdersService);
  payloads = new PayloadReader(new SchemaCache().over(new PostgresSchemaSource(database.db)));
});
afterAll(async () => {
  await app.close();
  await database.drop();
});
beforeEach(async () => {
  await database.db.query('truncate orders.stock, orders.orders cascade');
  await database.db.query('delete from outbox.message');
  await database.db.query(
    `insert into orders.stock (sku, unit_cents, on_hand) values ('cup', 700, 5), ('pot', 2500, 1), ('tea', 450, 100)`,
  );
});

const line = (sku: string, quantity: number) => ({ sku, quantity });
const post = (path: string, body: unknown) =>
  fetch(url + path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

/** Topic, key and payload of what was emitted, in order; times left out. */
async function emitted(): Promise<unknown[]> {
  const { rows } = await database.db.query<{ topic: string; key: string; payload: Buffer; schemaId: number | null }>(
    `select t.name as topic, encode(m.key, 'escape') as key, m.payload, m.schema_id as "schemaId"
     from outbox.message m join outbox.topic t on t.id = m.topic_id order by m.id`,
  );
  return Promise.all(
    rows.map(async ({ topic, key, payload, schemaId }) => {
      const value = schemaId === null ? JSON.parse(payload.toString()) : (await payloads.decode(payload)).value;
      const { at: _, ...shown } = value as { at: string };
      return { topic, key, payload: shown };
    }),
  );
}

/** All that a business transaction can leave behind. */
async function everything(): Promise<unknown> {
  const { rows } = await database.db.query(
    `select (select jsonb_agg(s order by s.sku) from orders.stock s) as stock,
            (select jsonb_agg(m) from orders.stock_movement m) as movements, (select jsonb_agg(o) from orders.orders o) as orders,
            (select jsonb_agg(l) from orders.order_line l) as lines, (select jsonb_agg(c) from orders.order_change c) as changes,
            (select jsonb_agg(p) from orders.payment p) as payments, (select jsonb_agg(m.id) from outbox.message m) as messages`,
  );
  return rows[0];
}

test('an order, its reservations and its events are committed together', async () => {
  const placed = await orders.place({ customerId: 'ann', lines: [line('tea', 2), line('cup', 1)], extras: [] });
  expect(placed).toEqual({ orderId: expect.any(String), totalCents: 1_600, extrasIncluded: true });
  const stock = { version: 1, reason: 'reserved' };
  expect(await emitted()).toEqual([
    { topic: 'stock.changed', key: 'tea', payload: { sku: 'tea', ...stock, quantity: 2, onHand: 100, reserved: 2 } },
    { topic: 'stock.changed', key: 'cup', payload: { sku: 'cup', ...stock, quantity: 1, onHand: 5, reserved: 1 } },
    {
      topic: 'orders.placed',
      key: placed.orderId,
      payload: {
        orderId: placed.orderId,
        customerId: 'ann',
        version: 1,
        totalCents: 1_600,
        lines: [
          { sku: 'tea', quantity: 2, unitCents: 450 },
          { sku: 'cup', quantity: 1, unitCents: 700 },
        ],
      },
    },
  ]);
  expect(await orders.find(placed.orderId)).toMatchObject({ status: 'placed', totalCents: 1_600, version: 1 });
});

test('a refused order leaves nothing behind, not even the events written before the refusal', async () => {
  const before = await everything();
  await expect(
    orders.place({ customerId: 'ann', lines: [line('tea', 2), line('pot', 2)], extras: [] }),
  ).rejects.toMatchObject({ code: 'OUT_OF_STOCK' });
  await expect(orders.place({ customerId: 'ann', lines: [line('sofa', 1)], extras: [] })).rejects.toMatchObject({
    code: 'SKU_UNKNOWN',
  });
  expect(await everything()).toEqual(before);
});

test('extras that cannot all be had are left out with their events; the order stands', async () => {
  const placed = await orders.place({
    customerId: 'ann',
    lines: [line('tea', 1)],
    extras: [line('cup', 1), line('pot', 2)],
  });
  expect(placed).toMatchObject({ totalCents: 450, extrasIncluded: false });
  expect(await emitted()).toMatchObject([
    { topic: 'stock.changed', key: 'tea' },
    { topic: 'orders.placed', payload: { lines: [{ sku: 'tea' }] } },
  ]);
  const { rows } = await database.db.query('select sku, reserved, version from orders.stock order by sku');
  expect(rows).toEqual([
    { sku: 'cup', reserved: 0, version: 0 },
    { sku: 'pot', reserved: 0, version: 0 },
    { sku: 'tea', reserved: 1, version: 1 },
  ]);
});

test('the life of an order counts its versions up over all of its topics', async () => {
  const { orderId } = await orders.place({ customerId: 'ann', lines: [line('pot', 1)], extras: [line('cup', 1)] });
  await orders.pay(orderId, 3_200);
  await orders.ship(orderId);
  const life = (await emitted()).filter((message) => (message as { key: string }).key === orderId);
  expect(life).toMatchObject([
    { topic: 'orders.placed', payload: { version: 1 } },
    { topic: 'payments.received', payload: { version: 2, amount_cents: 3_200n } },
    { topic: 'orders.shipped', payload: { version: 3 } },
  ]);
  const { rows } = await database.db.query(`select on_hand, reserved from orders.stock where sku = 'pot'`);
  expect(rows).toEqual([{ on_hand: 0, reserved: 0 }]);
});

test('cancelling gives the goods back, once', async () => {
  const { orderId } = await orders.place({ customerId: 'ann', lines: [line('pot', 1)], extras: [] });
  await orders.cancel(orderId);
  const before = await everything();
  await expect(orders.cancel(orderId)).rejects.toMatchObject({ code: 'ALREADY_CANCELLED' });
  await expect(orders.pay(orderId, 2_500)).rejects.toMatchObject({ code: 'ALREADY_CANCELLED' });
  expect(await everything()).toEqual(before);
  await expect(orders.place({ customerId: 'bob', lines: [line('pot', 1)], extras: [] })).resolves.toMatchObject({
    totalCents: 2_500,
  });
});

test('of two customers who want the last one at the same time, one gets it', async () => {
  const wishes = ['ann', 'bob', 'cyd'].map((customerId) =>
    orders.place({ customerId, lines: [line('tea', 1), line('pot', 1)], extras: [] }),
  );
  const outcomes = (await Promise.allSettled(wishes)).map((outcome) => outcome.status).sort();
  expect(outcomes).toEqual(['fulfilled', 'rejected', 'rejected']);
  expect(await emitted()).toHaveLength(3);
});

test('HTTP: refusals carry their code, and input that does not fit changes nothing', async () => {
  const before = await everything();
  const refused = await post('/orders', { customerId: 'ann', lines: [line('pot', 2)] });
  expect([refused.status, await refused.json()]).toEqual([
    409,
    { statusCode: 409, code: 'OUT_OF_STOCK', message: 'pot: 2 wanted, 1 available' },
  ]);
  const bad = [
    await post('/orders', { customerId: 'ann', lines: [] }),
    await post('/orders', { customerId: 'ann', lines: [line('pot', -1)] }),
    await post('/orders', { customerId: 'ann', lines: [line('pot', 1)], discount: 100 }),
    await post('/orders/not-a-uuid/cancellation', {}),
    await post('/stock/pot/deliveries', { quantity: 0.5 }),
  ];
  expect(bad.map((answer) => answer.status)).toEqual([400, 400, 400, 400, 400]);
  expect((await post('/orders/7f0c0b3e-5b52-4f0b-9d0a-0d3a6d4f8a01/shipment', {})).status).toBe(404);
  expect(await everything()).toEqual(before);
  const placed = await post('/orders', { customerId: 'ann', lines: [line('pot', 1)] });
  expect([placed.status, await placed.json()]).toEqual([
    201,
    { orderId: expect.any(String), totalCents: 2_500, extrasIncluded: true },
  ]);
});

test('an article is taken into the range with its first goods, once', async () => {
  expect((await post('/stock', { sku: 'jam', unitCents: 390, quantity: 12 })).status).toBe(204);
  const stock = { version: 1, reason: 'delivered', quantity: 12, onHand: 12, reserved: 0 };
  expect(await emitted()).toEqual([{ topic: 'stock.changed', key: 'jam', payload: { sku: 'jam', ...stock } }]);
  const before = await everything();
  expect((await post('/stock', { sku: 'jam', unitCents: 1, quantity: 1 })).status).toBe(409);
  expect(await everything()).toEqual(before);
});

test('an event that does not match its schema takes its business change with it', async () => {
  const sku = 'x'.repeat(41);
  await database.db.query(`insert into orders.stock (sku, unit_cents, on_hand) values ($1, 100, 5)`, [sku]);
  const before = await everything();
  await expect(orders.place({ customerId: 'ann', lines: [line(sku, 1)], extras: [] })).rejects.toMatchObject({
    code: 'PAYLOAD_INVALID',
    context: {
      topic: 'stock.changed',
      subject: 'stock.changed-value',
      version: 1,
      path: '$.sku',
      value: JSON.stringify(sku),
    },
    message: expect.stringContaining('must NOT have more than 40 characters'),
  });
  expect(await everything()).toEqual(before);
});

test('the topics with schemas take nothing else', async () => {
  const plain = `select outbox.emit('stock.changed', 'tea', '{"sku": "tea"}')`;
  await expect(database.db.query(plain)).rejects.toMatchObject({ code: 'SCHEMA_REQUIRED' });
});
