import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { PayloadReader, SchemaCache } from '#libs/codec';
import type { TestDatabase } from '#libs/foundation/testing';
import { PostgresSchemaSource } from '#libs/stores/schemas';
import { createOutbox, registerSchema, TidemarkError } from '../src/index.ts';
import { counts, outboxDatabase } from './outbox-database.ts';

const AVRO = {
  type: 'record',
  name: 'shop.OrderPlaced',
  fields: [
    { name: 'orderId', type: 'string' },
    { name: 'cents', type: 'long' },
  ],
};
const JSON_SCHEMA = { type: 'object', properties: { n: { type: 'integer' } }, additionalProperties: false };
const PROTO = 'syntax = "proto3"; package pay; message Ping { string a = 1; } message Payment { int64 cents = 1; }';

interface Events {
  orders: { orderId: string; cents: bigint };
  payments: { cents: bigint };
  plain: { n: number };
}

let database: TestDatabase;
let client: pg.Client;
let reader: PayloadReader;
beforeAll(async () => {
  database = await outboxDatabase();
  await database.db.query(`select outbox.create_topic('plain')`);
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query('begin');
  await registerSchema(client, { subject: 'orders-value', schema: AVRO });
  await registerSchema(client, { subject: 'payments-value', schemaType: 'PROTOBUF', schema: PROTO });
  await registerSchema(client, { subject: 'shop.Counted', schemaType: 'JSON', schema: JSON_SCHEMA });
  await client.query('commit');
  reader = new PayloadReader(new SchemaCache().over(new PostgresSchemaSource(database.db)));
});
afterAll(async () => {
  await client.end();
  await database.drop();
});
beforeEach(async () => {
  await client.query('rollback');
  await database.db.query('truncate outbox.message, business');
});

const outbox = createOutbox<Events>({ schemas: { topics: { orders: true, payments: { record: 'pay.Payment' } } } });

async function sent(): Promise<{ topic: string; value: unknown; schemaId: number | null }[]> {
  const { rows } = await database.db.query<{ topic: string; payload: Buffer; schema_id: number | null }>(
    `select t.name as topic, m.payload, m.schema_id from outbox.message m join outbox.topic t on t.id = m.topic_id where t.name <> 'schema-changes' order by m.id`,
  );
  return Promise.all(
    rows.map(async ({ topic, payload, schema_id: schemaId }) => ({
      topic,
      schemaId,
      value: schemaId === null ? payload.toString() : (await reader.decode(payload, { topic })).value,
    })),
  );
}

async function refused(work: Promise<unknown>): Promise<TidemarkError> {
  const error = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(error).toBeInstanceOf(TidemarkError);
  return error as TidemarkError;
}

test('an event is encoded with the latest schema of its subject, and the id is stored with it', async () => {
  await client.query('begin');
  await outbox.emit(client, 'orders', { key: 'o', payload: { orderId: 'o', cents: 2n ** 60n } });
  await outbox.emit(client, 'payments', { payload: { cents: 5n } });
  await outbox.emit(client, 'plain', { payload: { n: 1 } });
  await outbox.emit(client, 'plain', { payload: { n: 2 }, schema: { subject: 'shop.Counted' } });
  await client.query('commit');
  expect(await sent()).toEqual([
    { topic: 'orders', value: { orderId: 'o', cents: 2n ** 60n }, schemaId: expect.any(Number) },
    { topic: 'payments', value: { cents: 5n }, schemaId: expect.any(Number) },
    { topic: 'plain', value: '{"n":1}', schemaId: null },
    { topic: 'plain', value: { n: 2 }, schemaId: expect.any(Number) },
  ]);
});

test('a batch is encoded, too, and a tombstone stays one', async () => {
  await client.query('begin');
  await outbox.emitBatch(client, [
    { topic: 'orders', key: 'a', payload: { orderId: 'a', cents: 1n } },
    { topic: 'payments', payload: { cents: 2n } },
  ]);
  await client.query('commit');
  await client.query('begin');
  await outbox.emit(client, 'orders', { key: 'a', payload: null });
  await client.query('commit');
  const { rows } = await database.db.query(
    'select payload is null as empty, schema_id is null as plain from outbox.message order by id',
  );
  expect(rows).toEqual([
    { empty: false, plain: false },
    { empty: false, plain: false },
    { empty: true, plain: true },
  ]);
});

test('an invalid event fails its transaction even when the error is swallowed', async () => {
  await client.query('begin');
  await client.query(`insert into business values ('b')`);
  const wrong = { orderId: 'o', cents: 'many' } as unknown as Events['orders'];
  const error = await refused(outbox.emit(client, 'orders', { payload: wrong }));
  expect(error).toMatchObject({
    code: 'PAYLOAD_INVALID',
    context: { topic: 'orders', subject: 'orders-value', version: 1, path: '$.cents', value: '"many"' },
  });
  expect(error.message).toContain('event for topic orders does not match orders-value version 1');
  await client.query('commit');
  expect(await counts(database)).toEqual({ messages: 0, rows: 0 });
});

test('of a batch with one invalid event nothing is sent', async () => {
  await client.query('begin');
  const wrong = { topic: 'payments', payload: { cents: 1.5 } } as unknown as {
    topic: 'payments';
    payload: Events['payments'];
  };
  const good = { topic: 'orders', payload: { orderId: 'a', cents: 1n } } as const;
  expect(await refused(outbox.emitBatch(client, [good, wrong]))).toMatchObject({ code: 'PAYLOAD_INVALID' });
  await client.query('commit');
  expect(await counts(database)).toMatchObject({ messages: 0 });
});

test('a subject that nobody registered is named', async () => {
  await client.query('begin');
  const error = await refused(outbox.emit(client, 'plain', { payload: { n: 1 }, schema: { subject: 'nobody' } }));
  expect(error).toMatchObject({ code: 'SCHEMA_UNKNOWN' });
  expect(error.message).toContain('nobody');
});

describe('a schema and its first event in one transaction', () => {
  const later = { type: 'record', name: 'shop.Later', fields: [{ name: 'x', type: 'int' }] };
  const event = { topic: 'plain', payload: { x: 1 }, schema: { subject: 'later' } } as never;

  test('are both there, or neither is, and nobody else uses what was rolled back', async () => {
    await client.query('begin');
    await registerSchema(client, { subject: 'later', schema: later });
    await outbox.emitBatch(client, [event]);
    await client.query('rollback');
    await client.query('begin');
    expect(await refused(outbox.emitBatch(client, [event]))).toMatchObject({ code: 'SCHEMA_UNKNOWN' });
    await client.query('rollback');
    await client.query('begin');
    const { id } = await registerSchema(client, { subject: 'later', schema: later });
    await outbox.emitBatch(client, [event]);
    await client.query('commit');
    expect(await sent()).toEqual([{ topic: 'plain', value: { x: 1 }, schemaId: id }]);
  });

  test('registering the same again answers the same version, an incompatible one is refused', async () => {
    await client.query('begin');
    const first = await registerSchema(client, { subject: 'orders-value', schema: AVRO });
    expect(first).toMatchObject({ subject: 'orders-value', version: 1 });
    const wider = { ...AVRO, fields: [...AVRO.fields, { name: 'more', type: 'string' }] };
    expect(await refused(registerSchema(client, { subject: 'orders-value', schema: wider }))).toMatchObject({
      code: 'SCHEMA_INVALID',
    });
  });
});

describe('a topic that requires schemas', () => {
  beforeAll(() => database.db.query(`select outbox.create_topic('strict'), outbox.require_schemas('strict')`));

  test('refuses payloads without one, from SQL as from the SDK, first in a transaction or later', async () => {
    for (const before of ['select 1', `select outbox.emit('plain', 'k', '{}')`]) {
      await client.query('begin');
      await client.query(before);
      await expect(client.query(`select outbox.emit('strict', 'k', '{"a":1}')`)).rejects.toMatchObject({
        code: 'TM015',
      });
      await client.query('rollback');
    }
    await client.query('begin');
    const error = await refused(createOutbox().emit(client, 'strict', { payload: { n: 1 } }));
    expect(error).toMatchObject({ code: 'SCHEMA_REQUIRED' });
  });

  test('takes payloads with one, and tombstones', async () => {
    await client.query('begin');
    await createOutbox().emit(client, 'strict', { payload: { n: 1 }, schema: { subject: 'shop.Counted' } });
    await createOutbox().emit(client, 'strict', { key: 'k', payload: null });
    await client.query('commit');
    expect(await counts(database)).toMatchObject({ messages: 2 });
  });
});
