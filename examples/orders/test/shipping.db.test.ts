import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Logger, StandardSchemaValidationPipe, type INestMicroservice } from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';
import { Test } from '@nestjs/testing';
import type { DataSource, EntityManager } from 'typeorm';
import { createTestDatabase, type TestDatabase } from '#libs/foundation/testing';
import { TidemarkServer } from '#libs/sdk/nest';
import { type ConsumerHarness, databaseHarness } from '#libs/sdk/testing';
import { carrierOf, trackingNumberOf } from '../src/shipping/carrier/carrier-rules.ts';
import { failuresOf } from '../src/shipping/carrier/flaky-carriers.ts';
import { SHIPPING_GROUP, ShippingModule } from '../src/shipping/shipping.module.ts';

Logger.overrideLogger(false);
const SEED = 7;

let database: TestDatabase;
let harness: ConsumerHarness<EntityManager>;
let app: INestMicroservice;

beforeAll(async () => {
  database = await createTestDatabase();
  const module = await Test.createTestingModule({
    imports: [ShippingModule.register({ databaseUrl: database.url, carrierSeed: SEED })],
  })
    .overrideProvider(TidemarkServer)
    .useFactory({
      inject: [getDataSourceToken()],
      factory: (source: DataSource) => {
        harness = databaseHarness({ database: source });
        return new TidemarkServer({ group: SHIPPING_GROUP }, harness.createConsumer);
      },
    })
    .compile();
  app = module.createNestMicroservice({ strategy: module.get(TidemarkServer), logger: false });
  app.useGlobalPipes(new StandardSchemaValidationPipe());
  await app.listen();
});
afterAll(async () => {
  await app?.close();
  await harness?.close();
  await database?.drop();
});

/** An order whose parcel fails so many times before the carrier takes it. */
function orderWith(failures: number): string {
  for (;;) {
    const id = randomUUID();
    if (failuresOf(SEED, trackingNumberOf(carrierOf('ann'), id)) === failures) return id;
  }
}

const ship = (orderId: string, customerId = 'ann', messageId?: string): Promise<string> =>
  harness.emit('orders.shipped', {
    key: orderId,
    messageId,
    payload: { orderId, customerId, version: 3, at: '2026-03-01T12:00:00.000Z' },
  });

async function parcels(): Promise<Map<string, number>> {
  const { rows } = await database.db.query<{ order_id: string; attempts: number }>(
    'select order_id, attempts from shipping.parcel',
  );
  expect(new Set(rows.map((row) => row.order_id)).size).toBe(rows.length);
  return new Map(rows.map((row) => [row.order_id, row.attempts]));
}

test('an order becomes one parcel, one event and one fee, whatever the carriers do and however often it comes', async () => {
  const [smooth, bumpy, rough] = [orderWith(0), orderWith(1), orderWith(4)];
  const messageId = await ship(smooth);
  await ship(smooth, 'ann', messageId);
  await ship(bumpy);
  await ship(rough);
  await harness.settle();
  expect(await parcels()).toEqual(
    new Map([
      [smooth, 1],
      [bumpy, 2],
    ]),
  );
  expect(await harness.records('orders.shipped.shipping.retry')).toHaveLength(1);
  await harness.advance(1_000);
  expect((await parcels()).get(rough)).toBe(5);
  const booked = await harness.records('parcels.booked');
  expect(booked.map(({ key }) => key!.toString()).sort()).toEqual([smooth, bumpy, rough].sort());
  const { rows } = await database.db.query(
    `select a.parcels, a.owed_cents = (select sum(p.fee_cents) from shipping.parcel p) as even from shipping.carrier_account a`,
  );
  expect(rows).toEqual([{ parcels: 3, even: true }]);
  expect(await harness.deadLetters()).toEqual([]);
});

test('an order that no carrier takes, and an event that is none, are dead letters at once', async () => {
  const before = await parcels();
  const moon = randomUUID();
  await ship(moon, 'moon-base');
  await harness.emit('orders.shipped', { key: 'broken', payload: { orderId: 'x' } });
  await harness.settle();
  const dead = [...(await harness.deadLetters())].sort((a, b) => a.errorClass.localeCompare(b.errorClass));
  const place = { topic: 'orders.shipped.shipping.dlq', sourceTopic: 'orders.shipped', group: 'shipping', attempts: 1 };
  expect(dead).toMatchObject([
    { ...place, key: 'broken', errorClass: 'BadRequestException' },
    { ...place, key: moon, errorClass: 'NoCarrier', errorMessage: 'no carrier delivers to moon-base' },
  ]);
  expect(await parcels()).toEqual(before);
});
