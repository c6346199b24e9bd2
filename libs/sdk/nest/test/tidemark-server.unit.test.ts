import { afterEach, expect, jest, test } from '@jest/globals';
import {
  type ArgumentsHost,
  type CallHandler,
  Catch,
  Controller,
  type ExceptionFilter,
  type ExecutionContext,
  Inject,
  Injectable,
  type INestMicroservice,
  Logger,
  Module,
  type NestInterceptor,
  type PipeTransform,
  Scope,
  UseFilters,
  UseInterceptors,
  UsePipes,
} from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import {
  ClientProxy,
  Ctx,
  EventPattern,
  MessagePattern,
  Payload,
  RpcException,
  Transport,
} from '@nestjs/microservices';
import { Test } from '@nestjs/testing';
import { EMPTY, Observable, tap, throwError } from 'rxjs';
import { type ConsumerHarness, memoryHarness, type MemoryTransaction } from '#libs/sdk/testing';
import {
  EventRecord,
  TIDEMARK,
  TidemarkBatchContext,
  TidemarkClient,
  TidemarkContext,
  TidemarkServer,
  OnTopic,
} from '../src/index.ts';

Logger.overrideLogger(false);

let harness: ConsumerHarness<MemoryTransaction>;
let app: INestMicroservice | undefined;
afterEach(async () => {
  await app?.close();
  app = undefined;
  log.length = 0;
});

/** What handlers did, in order. */
const log: unknown[] = [];

async function serve(
  controllers: (new (...args: never[]) => unknown)[],
  providers: object[] = [],
): Promise<TidemarkServer> {
  harness = memoryHarness({ topics: ['orders.placed', 'orders.shipped', 'payments'], partitions: 1 });
  const server = new TidemarkServer({ group: 'shop' }, harness.createConsumer);
  @Module({ controllers, providers: [...(providers as []), { provide: 'EVENTS', useValue: new TidemarkClient() }] })
  class AppModule {}
  const testing = await Test.createTestingModule({ imports: [AppModule] }).compile();
  app = testing.createNestMicroservice({ strategy: server, logger: false });
  await app.listen();
  return server;
}

const emit = (topic: string, payload: unknown, key?: string): Promise<string> => harness.emit(topic, { payload, key });
const deadReasons = async (): Promise<string[]> =>
  (await harness.deadLetters()).map(
    ({ handler, errorClass, errorMessage }) => `${handler}: ${errorClass}: ${errorMessage}`,
  );

test('payload, context and transaction reach the handler; wildcards and expressions select topics', async () => {
  @Controller()
  class Orders {
    @OnTopic('orders.placed')
    placed(@Payload('id') id: string, @Ctx() context: TidemarkContext<MemoryTransaction>): void {
      const { topic, partition, offset, messageId, attempt, key, group } = context;
      const transaction = context.transaction();
      transaction.onCommit(() =>
        log.push({ id, topic, partition, offset, messageId, attempt, key: key?.toString(), group }),
      );
    }

    @OnTopic('orders.*')
    other(@Payload() payload: unknown, @Ctx() context: TidemarkContext<MemoryTransaction>): void {
      log.push([context.topic, context.header('source'), payload]);
    }

    @OnTopic(/pay.+/, { group: 'billing', concurrency: 4 })
    payment(@Payload() payload: unknown, @Ctx() { group, schema, traceparent, signal }: TidemarkContext): void {
      log.push([group, payload, schema, traceparent, signal.aborted]);
    }
  }
  const server = await serve([Orders]);
  const messageId = await emit('orders.placed', { id: 'o-1' }, 'o-1');
  await harness.settle();
  await harness.emit('orders.shipped', { payload: 7, headers: { source: 'web' } });
  await emit('payments', [1]);
  await harness.settle();
  const placed = { id: 'o-1', topic: 'orders.placed', partition: 0, offset: 0n, messageId, attempt: 1, key: 'o-1' };
  expect(log).toEqual([
    { ...placed, group: 'shop' },
    ['orders.shipped', 'web', 7],
    ['billing', [1], null, null, false],
  ]);
  expect(server.health()).toMatchObject({ state: 'running' });
  expect(
    server
      .health()
      .subscriptions.map(({ name }) => name)
      .sort(),
  ).toEqual(['/pay.+/@billing', 'orders.*', 'orders.placed']);
  server.pause('orders.placed');
  await emit('orders.placed', { id: 'o-2' });
  await harness.settle();
  expect(log).toHaveLength(3);
  server.resume('orders.placed');
  await harness.settle();
  expect(log).toHaveLength(4);
});

test('guards, interceptors and pipes work, and what they throw is the failure, unchanged', async () => {
  class Refused extends Error {}
  @Injectable()
  class NoStrangers {
    canActivate(context: ExecutionContext): boolean {
      if (context.switchToRpc().getData<{ guard?: string }>().guard === 'throw') throw new Refused('by the guard');
      return context.switchToRpc().getData<{ guard?: string }>().guard !== 'false';
    }
  }
  @Injectable()
  class Timed implements NestInterceptor {
    intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
      log.push(`before ${context.switchToRpc().getContext<TidemarkContext>().topic}`);
      return next.handle().pipe(tap({ complete: () => log.push('after') }));
    }
  }
  @Injectable()
  class WithId implements PipeTransform {
    transform(value: { id?: string }): unknown {
      if (value.id === undefined) throw new Refused('by the pipe');
      return value;
    }
  }
  @Controller()
  @UseInterceptors(Timed)
  class Orders {
    @EventPattern('orders.placed', { attempts: 1 })
    @UsePipes(WithId)
    placed(@Payload() { id }: { id: string }): void {
      log.push(id);
      if (id === 'bad') throw new RangeError('by the handler');
    }
  }
  await serve([Orders], [{ provide: APP_GUARD, useClass: NoStrangers }]);
  for (const payload of [{ id: 'a' }, { guard: 'throw' }, { guard: 'false' }, {}, { id: 'bad' }]) {
    await emit('orders.placed', payload);
  }
  await harness.settle();
  expect(log).toEqual(['before orders.placed', 'a', 'after', 'before orders.placed', 'before orders.placed', 'bad']);
  expect(await deadReasons()).toEqual([
    'orders.placed: Refused: by the guard',
    'orders.placed: RpcException: Forbidden resource',
    'orders.placed: Refused: by the pipe',
    'orders.placed: RangeError: by the handler',
  ]);
});

test('filters decide: what they throw is the failure, what they answer settles it', async () => {
  class Ignored extends Error {}
  @Catch(Ignored)
  class Ignore implements ExceptionFilter {
    catch(_: Ignored, host: ArgumentsHost): Observable<never> {
      log.push(`ignored ${host.switchToRpc().getContext<TidemarkContext>().offset}`);
      return EMPTY;
    }
  }
  @Catch(RpcException)
  class Translate implements ExceptionFilter {
    catch(error: RpcException): Observable<never> {
      return throwError(() => new TypeError(`translated ${error.message}`));
    }
  }
  @Controller()
  @UseFilters(Ignore, Translate)
  class Orders {
    @EventPattern('orders.placed', { attempts: 1 })
    placed(@Payload() kind: string): Observable<unknown> {
      if (kind === 'ignored') throw new Ignored();
      if (kind === 'rpc') throw new RpcException('refused');
      return throwError(() => new SyntaxError('late'));
    }
  }
  await serve([Orders]);
  for (const kind of ['ignored', 'rpc', 'observable']) await emit('orders.placed', kind);
  await harness.settle();
  expect(log).toEqual(['ignored 0']);
  expect(await deadReasons()).toEqual([
    'orders.placed: TypeError: translated refused',
    'orders.placed: SyntaxError: late',
  ]);
});

test('observables are waited for to their end, and request-scoped controllers serve', async () => {
  @Controller({ scope: Scope.REQUEST })
  class Orders {
    @OnTopic(['orders.placed', 'orders.shipped'], { attempts: 1 })
    any(@Payload() id: string, @Ctx() context: TidemarkContext<MemoryTransaction>): Observable<string> {
      return new Observable((subscriber) => {
        subscriber.next('first');
        setImmediate(() => {
          context.transaction().onCommit(() => log.push(`${context.topic} ${id}`));
          if (id === 'bad') subscriber.error(new Error('late failure'));
          else subscriber.complete();
        });
      });
    }
  }
  await serve([Orders]);
  await emit('orders.placed', 'a');
  await emit('orders.shipped', 'bad');
  await harness.settle();
  expect(log).toEqual(['orders.placed a']);
  expect(await deadReasons()).toEqual(['orders.shipped: Error: late failure']);
});

test('handlers of one pattern share a transaction in order; those of other groups stand alone', async () => {
  @Controller()
  class Orders {
    @OnTopic('orders.placed', { attempts: 1 })
    first(@Payload() id: string, @Ctx() context: TidemarkContext<MemoryTransaction>): void {
      context.transaction().onCommit(() => log.push(`first ${id}`));
    }

    @OnTopic('orders.placed', { attempts: 1 })
    second(@Payload() id: string, @Ctx() context: TidemarkContext<MemoryTransaction>): void {
      context.transaction().onCommit(() => log.push(`second ${id}`));
      if (id === 'bad') throw new Error('takes the first with it');
    }

    @EventPattern('orders.placed', { group: 'audit' })
    third(@Payload() id: string): void {
      log.push(`audit ${id}`);
    }
  }
  await serve([Orders]);
  await emit('orders.placed', 'good');
  await emit('orders.placed', 'bad');
  await harness.settle();
  expect(log.map(String).sort()).toEqual(['audit bad', 'audit good', 'first good', 'second good']);
  expect(log.indexOf('first good')).toBeLessThan(log.indexOf('second good'));
});

test('batches come as arrays, with pipes', async () => {
  class Doubled implements PipeTransform {
    transform(values: number[]): number[] {
      return values.map((value) => value * 2);
    }
  }
  @Controller()
  class Orders {
    @OnTopic('orders.placed', { batch: { maxRecords: 3 } })
    many(@Payload(Doubled) values: number[], @Ctx() context: TidemarkBatchContext): void {
      log.push([values, context.messages.map(({ offset }) => offset), context.group]);
    }
  }
  const server = await serve([Orders]);
  server.pause('orders.placed');
  for (const value of [1, 2, 3, 4]) await emit('orders.placed', value);
  server.resume('orders.placed');
  await harness.settle();
  expect(log.flatMap((entry) => (entry as [number[]])[0])).toEqual([2, 4, 6, 8]);
  expect(log.every((entry) => (entry as [number[]])[0].length <= 3)).toBe(true);
});

test('a client emits in the transaction of the handler, awaited or not, and is refused outside', async () => {
  @Controller()
  class Orders {
    constructor(@Inject('EVENTS') private readonly client: ClientProxy) {}

    @EventPattern('orders.placed', { attempts: 1 })
    placed(@Payload() id: string): void {
      this.client.emit('payments', new EventRecord({ id, n: 1 }, { key: id }));
      this.client.emit('payments', { id, n: 2 });
      if (id === 'bad') throw new Error('nothing is emitted');
      if (id === 'lost') this.client.emit('nowhere', {});
    }
  }
  await serve([Orders]);
  for (const id of ['good', 'bad', 'lost']) await emit('orders.placed', id);
  await harness.settle();
  const sent = await harness.records('payments');
  expect(sent.map(({ value, key }) => [JSON.parse(value!.toString()), key?.toString()])).toEqual([
    [{ id: 'good', n: 1 }, 'good'],
    [{ id: 'good', n: 2 }, undefined],
  ]);
  expect(await deadReasons()).toEqual([
    'orders.placed: Error: nothing is emitted',
    "orders.placed: TidemarkError: TOPIC_UNKNOWN: topic 'nowhere' does not exist",
  ]);
  const client = new TidemarkClient();
  const failure = jest.fn();
  await new Promise<void>((resolve) => {
    client.emit('payments', {}).subscribe({ error: (error: unknown) => resolve(void failure(error)) });
  });
  client.send('payments').subscribe({ error: failure });
  expect(failure.mock.calls).toMatchObject([[{ code: 'NOT_IN_TRANSACTION' }], [{ code: 'REPLY_UNSUPPORTED' }]]);
});

test('what cannot work is refused before anything starts', async () => {
  const refused = async (controller: new () => unknown): Promise<unknown> =>
    serve([controller]).then(
      () => undefined,
      (error: unknown) => error,
    );
  @Controller()
  class Asks {
    @MessagePattern('orders.get')
    get(): void {}
  }
  @Controller()
  class AsksOthers {
    @MessagePattern('orders.get', Transport.TCP)
    get(): void {}

    @EventPattern('orders.placed', TIDEMARK)
    placed(_id: string): void {}
  }
  @Controller()
  class Misspelt {
    @EventPattern('orders.placed', { concurency: 3 })
    placed(_id: string): void {}
  }
  @Controller()
  class Contradicts {
    @EventPattern('orders.placed', { concurrency: 3 })
    one(_id: string): void {}

    @EventPattern('orders.placed', { concurrency: 4 })
    two(_id: string): void {}
  }
  @Controller()
  class Structured {
    @EventPattern({ cmd: 'placed' })
    placed(_id: string): void {}
  }
  expect(await refused(Asks)).toMatchObject({ code: 'CONSUMER_INVALID', message: expect.stringContaining('reply') });
  expect(await refused(Misspelt)).toMatchObject({ message: expect.stringContaining('concurency') });
  expect(await refused(Contradicts)).toMatchObject({ message: expect.stringContaining('different options') });
  expect(await refused(Structured)).toMatchObject({ message: expect.stringContaining('names no topic') });
  expect(await refused(AsksOthers)).toBeUndefined();
});
