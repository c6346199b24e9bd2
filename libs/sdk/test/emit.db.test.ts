import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Buffer } from 'node:buffer';
import type pg from 'pg';
import type { TestDatabase } from '#libs/foundation/testing';
import { createOutbox } from '../src/index.ts';
import { counts, outboxDatabase, storedMessages } from './outbox-database.ts';

const outbox = createOutbox();
let database: TestDatabase;
const inTransaction = <T>(work: (tx: pg.PoolClient) => Promise<T>): Promise<T> => database.db.transaction(work);

beforeAll(async () => {
  database = await outboxDatabase();
});
afterAll(() => database.drop());

describe('emit', () => {
  test('stores the exact bytes of key and payload, the headers, partition, ids', async () => {
    const messageId = 'd2b6a1f0-0000-7000-8000-00000000000a';
    const id = await inTransaction((tx) =>
      outbox.emit(tx, 'orders', {
        key: 'ö-1',
        payload: { z: 1, a: [1e21, 'x'], big: '12345678901234567890' },
        headers: [
          ['h', '1'],
          ['h', Buffer.from([0, 255])],
          ['none', null],
        ],
        partition: 3,
        messageId,
        schemaId: 42,
      }),
    );
    expect(id).toBe(messageId);
    const { rows } = await database.db.query(
      'select key, payload, headers, partition, schema_id from outbox.message where message_id = $1',
      [id],
    );
    expect(rows).toEqual([
      {
        key: Buffer.from('ö-1'),
        payload: Buffer.from('{"z":1,"a":[1e+21,"x"],"big":"12345678901234567890"}'),
        headers: [
          ['h', '1'],
          ['h', { base64: 'AP8=' }],
          ['none', null],
        ],
        partition: 3,
        schema_id: 42,
      },
    ]);
  });

  test('keeps every byte value, and null as a tombstone', async () => {
    const every = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    const ids = await inTransaction((tx) =>
      outbox.emitBatch(tx, [
        { topic: 'orders', key: every, payload: every },
        { topic: 'orders', key: every, payload: null },
        { topic: 'orders', payload: Buffer.alloc(0) },
      ]),
    );
    const { rows } = await database.db.query(
      'select key, payload from outbox.message where message_id = any($1) order by array_position($1, message_id)',
      [ids],
    );
    expect(rows).toEqual([
      { key: every, payload: every },
      { key: every, payload: null },
      { key: null, payload: Buffer.alloc(0) },
    ]);
  });

  test('commits with the business change, and rolls back with it', async () => {
    const before = await counts(database);
    await expect(
      inTransaction(async (tx) => {
        await tx.query(`insert into business values ('lost')`);
        await outbox.emit(tx, 'orders', { key: 'lost', payload: 1 });
        await outbox.emitBatch(tx, [{ topic: 'orders', key: 'lost', payload: 2 }]);
        throw new Error('the business says no');
      }),
    ).rejects.toThrow('the business says no');
    expect(await counts(database)).toEqual(before);
    await inTransaction(async (tx) => {
      await tx.query(`insert into business values ('kept')`);
      await outbox.emit(tx, 'orders', { key: 'kept', payload: 1 });
    });
    expect(await counts(database)).toEqual({ messages: before.messages + 1, rows: before.rows + 1 });
  });

  test('a rolled-back savepoint takes its messages along', async () => {
    const before = await counts(database);
    await inTransaction(async (tx) => {
      await outbox.emit(tx, 'orders', { key: 'sp', payload: 'kept' });
      await tx.query('savepoint s');
      await outbox.emit(tx, 'orders', { key: 'sp', payload: 'lost' });
      await tx.query('rollback to s');
      await outbox.emit(tx, 'orders', { key: 'sp', payload: 'kept too' });
    });
    expect((await counts(database)).messages).toBe(before.messages + 2);
  });

  test('the trace context of the call becomes a header, also in a batch, unless the message has one', async () => {
    const traced = createOutbox({ traceparent: () => '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' });
    const ids = await inTransaction(async (tx) => [
      await traced.emit(tx, 'orders', { payload: 1 }),
      ...(await traced.emitBatch(tx, [{ topic: 'orders', payload: 2, headers: { traceparent: 'own' } }])),
    ]);
    const stored = (await storedMessages(database)).filter((message) => ids.includes(message.message_id));
    expect(stored.map((message) => message.headers)).toEqual([
      [['traceparent', '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01']],
      [['traceparent', 'own']],
    ]);
  });

  test.each<[string, string, Parameters<typeof outbox.emit>[2]]>([
    ['TOPIC_UNKNOWN', 'nope', { payload: 1 }],
    ['MESSAGE_TOO_LARGE', 'orders', { payload: 'x'.repeat(1_000_001) }],
    ['PARTITION_INVALID', 'orders', { payload: 1, partition: 99 }],
    ['KEY_INVALID', 'orders', { payload: 1, key: 'k'.repeat(8193) }],
    ['HEADERS_INVALID', 'orders', { payload: 1, headers: { 'tidemark-replay': '1' } }],
  ])('answers %s of the database as a TidemarkError, alone and in a batch', async (code, topic, message) => {
    const before = await counts(database);
    await expect(inTransaction((tx) => outbox.emit(tx, topic, message))).rejects.toMatchObject({
      name: 'TidemarkError',
      code,
    });
    await expect(inTransaction((tx) => outbox.emitBatch(tx, [{ ...message, topic }]))).rejects.toMatchObject({
      name: 'TidemarkError',
      code,
    });
    expect(await counts(database)).toEqual(before);
  });

  test('a message that the client refuses leaves the transaction usable', async () => {
    const before = await counts(database);
    await inTransaction(async (tx) => {
      await expect(outbox.emit(tx, 'orders', { payload: 1n })).rejects.toMatchObject({ code: 'MESSAGE_INVALID' });
      await expect(
        outbox.emitBatch(tx, [
          { topic: 'orders', payload: 1 },
          { topic: 'orders', payload: undefined },
        ]),
      ).rejects.toMatchObject({ code: 'MESSAGE_INVALID' });
      await outbox.emit(tx, 'orders', { payload: 1 });
    });
    expect((await counts(database)).messages).toBe(before.messages + 1);
  });

  test('a role that may only write can emit, and emit batches', async () => {
    const role = `tm_sdk_${Math.trunc(Math.random() * 1e9)}`;
    await database.db.query(`create role ${role}`);
    try {
      await database.db.query(`select outbox.grant_writer('${role}')`);
      await inTransaction(async (tx) => {
        await tx.query(`set local role ${role}`);
        await outbox.emit(tx, 'orders', { key: 'role', payload: 1 });
        const many = Array.from({ length: 300 }, (_, n) => ({ topic: 'orders', key: `role-${n}`, payload: n }));
        expect(await outbox.emitBatch(tx, many)).toHaveLength(300);
      });
    } finally {
      await database.db.query(`drop owned by ${role}`);
      await database.db.query(`drop role ${role}`);
    }
  });
});
