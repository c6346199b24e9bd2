import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { encodePayload, type StoredSchema } from '#libs/codec';
import { createTestDatabase, type TestDatabase } from '#libs/foundation/testing';
import { PostgresSchemaSource } from '#libs/stores/schemas';
import type { TopicRecord } from '#libs/stores/topic';
import type { OrderEvents, Topic } from '../src/events.ts';
import { createOrdersApp } from '../src/orders-app.ts';
import { Projection } from '../src/read-model/projection.ts';

const silent = { log: () => undefined, warn: () => undefined, error: () => undefined };
const nothing = (): Promise<void> => Promise.resolve();

let database: TestDatabase;
let app: NestFastifyApplication;
let projection: Projection;
const schemas = new Map<string, StoredSchema>();

beforeAll(async () => {
  database = await createTestDatabase();
  app = await createOrdersApp({ databaseUrl: database.url, projectionMembers: 0 }, silent);
  await app.init();
  projection = app.get(Projection);
  const source = new PostgresSchemaSource(database.db);
  for (const topic of ['orders.placed', 'payments.received', 'stock.changed']) {
    schemas.set(`${topic}-value`, (await source.latest(`${topic}-value`)).schema);
  }
});
afterAll(async () => {
  await app.close();
  await database.drop();
});
beforeEach(() =>
  database.db.query(
    'truncate orders_view.handled_message, orders_view.customer_summary, orders_view.revenue_by_day, orders_view.stock_level',
  ),
);

let offset = 0n;
function record<T extends Topic>(topic: T, payload: OrderEvents[T]): TopicRecord {
  offset += 1n;
  const schema = schemas.get(`${topic}-value`);
  const value = schema === undefined ? Buffer.from(JSON.stringify(payload)) : encodePayload(schema, payload);
  const place = { topic, partition: 0, offset, position: offset, schemaId: schema?.id ?? null };
  return { ...place, messageId: randomUUID(), key: null, value, headers: [], time: new Date() };
}

const at = '2026-03-01T12:00:00.000Z';
const order = (customerId: string) => ({ orderId: randomUUID(), customerId, version: 1, at });
const placed = (customerId: string) => record('orders.placed', { ...order(customerId), lines: [], totalCents: 500 });
const paid = (customerId: string) =>
  record('payments.received', {
    order_id: randomUUID(),
    customer_id: customerId,
    version: 1,
    at,
    payment_id: randomUUID(),
    amount_cents: 500n,
  });
const level = (version: number) =>
  record('stock.changed', { sku: 'tea', version, at, reason: 'reserved', quantity: 1, onHand: 9, reserved: version });

async function readModel(): Promise<unknown> {
  const { rows } = await database.db.query(
    `select (select jsonb_agg(jsonb_build_array(customer_id, placed, paid, paid_cents) order by customer_id) from orders_view.customer_summary) as customers,
            (select jsonb_agg(jsonb_build_array(day, payments, cents)) from orders_view.revenue_by_day) as days,
            (select jsonb_agg(jsonb_build_array(sku, reserved, version)) from orders_view.stock_level) as levels,
            (select count(*)::integer from orders_view.handled_message) as handled`,
  );
  return rows[0];
}

test('a message counts once, however often its record comes', async () => {
  const records = [placed('ann'), paid('ann'), level(1)];
  await projection.handle([...records, records[1]!], nothing);
  await projection.handle(
    records.map((again) => ({ ...again, offset: again.offset + 1_000n })),
    nothing,
  );
  expect(await readModel()).toEqual({
    customers: [['ann', 1, 1, 500]],
    days: [['2026-03-01', 1, 500]],
    levels: [['tea', 1, 1]],
    handled: 3,
  });
});

test('an older stock level does not replace a newer one', async () => {
  await projection.handle([level(7)], nothing);
  await projection.handle([level(5), level(6)], nothing);
  expect(await readModel()).toMatchObject({ levels: [['tea', 7, 7]], handled: 3 });
});

test('when the offsets cannot be committed, nothing has happened, and the next try does it', async () => {
  const records = [placed('ann'), paid('bob')];
  const fenced = new Error('the partition belongs to another member by now');
  await expect(projection.handle(records, () => Promise.reject(fenced))).rejects.toThrow(fenced);
  expect(await readModel()).toEqual({ customers: null, days: null, levels: null, handled: 0 });
  let committedWith: unknown;
  await projection.handle(records, async (tx) => {
    const { rows } = await tx.query('select count(*)::integer as handled from orders_view.handled_message');
    committedWith = rows[0];
  });
  expect(committedWith).toEqual({ handled: 2 });
  expect(await readModel()).toMatchObject({
    customers: [
      ['ann', 1, 0, 0],
      ['bob', 0, 1, 500],
    ],
  });
});

test('a payload that does not fit its schema stops the projection at its record', async () => {
  const wrong = { ...placed('ann'), schemaId: null, value: Buffer.from('{"orderId":"1"}') };
  await expect(projection.handle([placed('bob'), wrong], nothing)).rejects.toThrow(
    `orders.placed/0 at offset ${wrong.offset}`,
  );
  expect(await readModel()).toMatchObject({ handled: 0 });
});

test('members that touch the same customers in different orders do not block each other for ever', async () => {
  const names = Array.from({ length: 40 }, (_, index) => `customer-${index}`);
  const run = (customers: string[]) =>
    projection.handle(
      customers.flatMap((name) => [placed(name), paid(name)]),
      nothing,
    );
  await Promise.all(Array.from({ length: 8 }, (_, index) => run(index % 2 === 0 ? names : [...names].reverse())));
  expect(await readModel()).toMatchObject({ handled: 640, days: [['2026-03-01', 320, 160_000]] });
});
