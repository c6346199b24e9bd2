import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Inject, Injectable, Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { InjectDataSource, TypeOrmModule } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import type { TestDatabase } from '#libs/foundation/testing';
import { OutboxService, TidemarkModule } from '../src/index.ts';
import { outboxDatabase, storedMessages } from './outbox-database.ts';

interface Events {
  orders: { id: string };
}

@Injectable()
class Shop {
  constructor(
    @Inject(OutboxService) readonly outbox: OutboxService<Events>,
    @InjectDataSource() readonly source: DataSource,
  ) {}

  place(id: string): Promise<string> {
    return this.source.transaction(async (manager) => {
      await manager.query('insert into business values ($1)', [id]);
      return this.outbox.emit(manager, 'orders', { key: id, payload: { id } });
    });
  }
}

@Injectable()
class TraceContext {
  current(): string {
    return '00-from-injected-01';
  }
}

@Module({ providers: [TraceContext], exports: [TraceContext] })
class TraceModule {}

/** A module of its own that imports nothing: it sees OutboxService only while TidemarkModule is global. */
@Module({ providers: [Shop], exports: [Shop] })
class ShopModule {}

let database: TestDatabase;
beforeAll(async () => {
  database = await outboxDatabase();
});
afterAll(() => database.drop());

const typeOrm = () => TypeOrmModule.forRoot({ type: 'postgres', url: database.url, extra: { max: 2 } });

test('forRoot provides a global OutboxService that emits in TypeORM transactions', async () => {
  const app = await Test.createTestingModule({
    imports: [typeOrm(), TidemarkModule.forRoot({ traceparent: () => '00-root-01' }), ShopModule],
  }).compile();
  await app.get(Shop).place('root');
  await expect(app.get(Shop).place('root')).rejects.toThrow(/duplicate key/);
  await app.close();
  const stored = (await storedMessages(database)).filter((message) => message.key === 'root');
  expect(stored.map(({ payload, headers }) => ({ payload, headers }))).toEqual([
    { payload: '{"id":"root"}', headers: [['traceparent', '00-root-01']] },
  ]);
});

test('forRootAsync takes its options from a factory with injected providers', async () => {
  const tidemark = TidemarkModule.forRootAsync({
    imports: [TraceModule],
    inject: [TraceContext],
    useFactory: async (trace: TraceContext) => ({ traceparent: () => trace.current() }),
  });
  const app = await Test.createTestingModule({ imports: [typeOrm(), tidemark, ShopModule] }).compile();
  await app.get(Shop).place('async');
  await app.close();
  const stored = (await storedMessages(database)).filter((message) => message.key === 'async');
  expect(stored.map((message) => message.headers)).toEqual([[['traceparent', '00-from-injected-01']]]);
});

const silent = { log: () => undefined, warn: () => undefined, error: () => undefined };

@Injectable()
class Emitter {
  constructor(@Inject(OutboxService) readonly outbox: OutboxService<Events>) {}
}

@Module({ providers: [Emitter] })
class EmitterModule {}

test('isGlobal: false keeps the service to modules that import it', async () => {
  const compile = Test.createTestingModule({ imports: [TidemarkModule.forRoot({ isGlobal: false }), EmitterModule] })
    .setLogger(silent)
    .compile();
  await expect(compile).rejects.toThrow(/OutboxService/);
});
