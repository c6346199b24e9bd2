import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Controller, Inject, Logger, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ClientProxy, Ctx, Payload } from '@nestjs/microservices';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { getDataSourceToken, TypeOrmModule } from '@nestjs/typeorm';
import { lastValueFrom } from 'rxjs';
import type { DataSource, EntityManager } from 'typeorm';
import { createTestDatabase, eventually, type TestDatabase } from '#libs/foundation/testing';
import { logSink, outboxSource, Sequencer, SEQUENCER_DEFAULTS } from '#libs/movers/sequencer';
import { createOutbox, registerSchema, withTransaction } from '../src/index.ts';
import {
  EventRecord,
  OnTopic,
  TidemarkClient,
  TidemarkConsumerModule,
  TidemarkContext,
  TidemarkServer,
} from '#libs/sdk/nest';

Logger.overrideLogger(false);

interface Order {
  readonly id: string;
  readonly kind: 'good' | 'flaky' | 'poison' | 'swallows';
}

const EVENTS = 'EVENTS';

@Controller()
class Shipping {
  constructor(@Inject(EVENTS) private readonly events: ClientProxy) {}

  @OnTopic('orders.placed', {
    attempts: 2,
    backoff: { minMs: 1, maxMs: 2 },
    retryTiers: [{ delayMs: 50 }],
    concurrency: 4,
  })
  async ship(@Payload() order: Order, @Ctx() context: TidemarkContext<EntityManager>): Promise<void> {
    const manager = context.transaction();
    await manager.query('insert into shipment values ($1, $2)', [order.id, context.attempt]);
    this.events.emit('orders.shipped', new EventRecord({ id: order.id }, { key: order.id }));
    if (order.kind === 'flaky' && context.attempt < 3) throw new Error('the carrier does not answer');
    if (order.kind === 'poison') throw new RangeError('no such address');
    if (order.kind === 'swallows') await manager.query('select 1 / 0').catch(() => undefined);
  }

  @OnTopic('orders.shipped', { group: 'audit' })
  async audit(@Payload('id') id: string, @Ctx() context: TidemarkContext<EntityManager>): Promise<void> {
    await context.transaction().query('insert into audited values ($1)', [id]);
  }
}

let database: TestDatabase;
let sequencer: Sequencer;
let app: NestFastifyApplication;
beforeAll(async () => {
  database = await createTestDatabase();
  await database.db.query(`select outbox.create_topic('orders.placed', 2), outbox.create_topic('orders.shipped', 1)`);
  await database.db.query('create table shipment (id text, attempt integer); create table audited (id text)');
  const silent = {
    ledSince: () => undefined,
    ledNoMore: () => undefined,
    committed: () => undefined,
    failed: () => undefined,
  };
  const options = { ...SEQUENCER_DEFAULTS, holder: 'test', info: { host: 'test', pid: process.pid } };
  sequencer = new Sequencer(outboxSource(database.db), logSink(database.db), silent, options);
  await sequencer.start();
  @Module({
    imports: [
      TypeOrmModule.forRoot({ type: 'postgres', url: database.url, extra: { max: 6 }, retryAttempts: 0 }),
      TidemarkConsumerModule.forRootAsync({
        inject: [getDataSourceToken()],
        useFactory: (source: DataSource) => ({ database: source, group: 'shipping', commitIntervalMs: 50 }),
      }),
    ],
    controllers: [Shipping],
    providers: [{ provide: EVENTS, useValue: new TidemarkClient() }],
  })
  class AppModule {}
  app = await NestFactory.create<NestFastifyApplication>(AppModule, new FastifyAdapter(), { logger: false });
  app.connectMicroservice({ strategy: app.get(TidemarkServer) }, { inheritAppConfig: true });
  await app.startAllMicroservices();
}, 60_000);
afterAll(async () => {
  await app?.close();
  await sequencer?.stop(5_000);
  await database?.drop();
});

const rows = async (sql: string): Promise<unknown[]> => (await database.db.query(sql)).rows;

test('handlers of a Nest application take effect once, emit, retry, and give up into the dlq', async () => {
  const source = app.get<DataSource>(getDataSourceToken());
  const events = app.get<ClientProxy>(EVENTS);
  await source.transaction(async (manager) => {
    await registerSchema(manager, {
      subject: 'orders.placed-value',
      schema: {
        type: 'record',
        name: 'Order',
        fields: [
          { name: 'id', type: 'string' },
          { name: 'kind', type: 'string' },
        ],
      },
    });
    const outbox = createOutbox({ schemas: { topics: { 'orders.placed': true } } });
    await outbox.emit(manager, 'orders.placed', { key: 'o-1', payload: { id: 'o-1', kind: 'good' } });
    // The same message twice, as a producer without a sequence sends it.
    const messageId = '018f0000-0000-7000-8000-00000000000f';
    const flaky = { key: 'o-2', payload: { id: 'o-2', kind: 'flaky' }, messageId };
    await outbox.emitBatch(
      manager,
      [flaky, flaky].map((message) => ({ ...message, topic: 'orders.placed' })),
    );
    await withTransaction(manager, () => {
      events.emit('orders.placed', new EventRecord({ id: 'o-3', kind: 'poison' }, { key: 'o-3' }));
      events.emit('orders.placed', new EventRecord({ id: 'o-4', kind: 'swallows' }, { key: 'o-4' }));
    });
  });
  await eventually(async () => {
    expect(await rows('select id from audited order by id')).toEqual([{ id: 'o-1' }, { id: 'o-2' }]);
    expect(await rows('select id, attempt from shipment order by id')).toEqual([
      { id: 'o-1', attempt: 1 },
      { id: 'o-2', attempt: 3 },
    ]);
    const dead = await rows(
      `select convert_from(m.key, 'UTF8') as key, m.headers from outbox.message m join outbox.topic t on t.id = m.topic_id
       where t.name = 'orders.placed.shipping.dlq' order by key`,
    );
    expect(dead).toMatchObject([{ key: 'o-3' }, { key: 'o-4' }]);
    expect(JSON.stringify(dead)).toMatch(/no such address.*current transaction is aborted/);
  }, 15_000);
  const server = app.get(TidemarkServer);
  await eventually(() => expect(server.health()).toMatchObject({ state: 'running', ready: true, troubles: [] }));
  expect(server.health().subscriptions.map(({ name }) => name)).toEqual(['orders.placed', 'orders.shipped@audit']);
});

test('a client with transactions of its own emits outside of any, and joins the one that there is', async () => {
  const source = app.get<DataSource>(getDataSourceToken());
  const client = new TidemarkClient({
    ownTransaction: true,
    database: source,
    key: (_topic, payload) => String(payload),
  });
  await lastValueFrom(client.emit('orders.shipped', 'own'));
  const rolledBack = source.transaction((manager) =>
    withTransaction(manager, async () => {
      await lastValueFrom(client.emit('orders.shipped', 'joined'));
      throw new Error('rolled back');
    }),
  );
  await expect(rolledBack).rejects.toThrow('rolled back');
  const sent = await rows(`select convert_from(key, 'UTF8') as key from outbox.message where key in ('own', 'joined')`);
  expect(sent).toEqual([{ key: 'own' }]);
  await eventually(async () => expect(await rows('select id from audited')).toHaveLength(3));
});

test('closing the application drains, commits, and leaves the groups', async () => {
  await app.close();
  expect(await rows('select count(*)::integer as members from log.group_member')).toEqual([{ members: 0 }]);
  const behind = await rows(
    `select t.name, o.partition from log.group_offset o join log.consumer_group g on g.id = o.group_id
     join outbox.topic t on t.id = o.topic_id join log.head h on h.topic_id = o.topic_id and h.partition = o.partition
     where o.next_offset <> h.next_offset`,
  );
  expect(behind).toEqual([]);
});
