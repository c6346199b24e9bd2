import { SchemaRegistry, SchemaType } from '@kafkajs/confluent-schema-registry';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startTestRegistry, type TestRegistry } from '../running-registry.ts';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startTestRegistry();
});
afterAll(() => registry.stop());

const connect = () => new SchemaRegistry({ host: registry.url });
const avro = (...fields: object[]) => ({
  type: SchemaType.AVRO as const,
  schema: JSON.stringify({ type: 'record', name: 'Order', namespace: 'shop', fields }),
});
const ID = { name: 'id', type: 'long' };

test('registers, evolves, encodes and decodes Avro, under a subject that has to be escaped', async () => {
  const client = connect();
  const subject = 'a b/ü';
  const { id } = await client.register(avro(ID), { subject });
  expect({ ...(await connect().decode(await client.encode(id, { id: 3 }))) }).toEqual({ id: 3 });
  const optional = { name: 'note', type: ['null', 'string'], default: null };
  const evolved = await client.register(avro(ID, optional), { subject });
  expect(evolved.id).not.toBe(id);
  expect(await client.getLatestSchemaId(subject)).toBe(evolved.id);
  expect(await client.getRegistryId(subject, 1)).toBe(id);
  await expect(client.register(avro({ name: 'id', type: 'string' }), { subject })).rejects.toThrow('incompatible');
});

test.each([
  [SchemaType.PROTOBUF as const, 'syntax = "proto3"; package shop; message Order { string note = 1; }'],
  [SchemaType.JSON as const, '{"type":"object","properties":{"note":{"type":"string"}}}'],
])('encodes and decodes %s', async (type, schema) => {
  const client = connect();
  const { id } = await client.register({ type, schema }, { subject: `notes-${type}` });
  expect({ ...(await connect().decode(await client.encode(id, { note: 'x' }))) }).toEqual({ note: 'x' });
});

test('encodes and decodes Protobuf with references and nested messages, as it evolves', async () => {
  const client = connect();
  const type = SchemaType.PROTOBUF as const;
  const amount = 'syntax = "proto3"; package money; message Amount { int32 cents = 1; }';
  await client.register({ type, schema: amount }, { subject: 'money.proto' });
  const references = [{ name: 'money.proto', subject: 'money.proto', version: 1 }];
  const file = (id: string, more = '') => ({
    type,
    schema: `syntax = "proto3"; package pay; import "money.proto";
      message Payment { ${id} id = 1; money.Amount sum = 2; repeated Part parts = 3; ${more}
      message Part { money.Amount of = 1; } }`,
    references,
  });
  const subject = 'payments-value';
  const first = await client.register(file('string'), { subject });
  const value = { id: 'p', sum: { cents: 7 }, parts: [{ of: { cents: 3 } }, { of: { cents: 4 } }] };
  const bytes = await client.encode(first.id, value);
  const later = await client.register(file('string', 'string note = 4;'), { subject });
  const noted = await client.encode(later.id, { ...value, note: 'n' });
  const decoded = async (message: Buffer): Promise<unknown> =>
    JSON.parse(JSON.stringify(await connect().decode(message)));
  expect(await decoded(bytes)).toEqual(value);
  expect(await decoded(noted)).toEqual({ ...value, note: 'n' });
  await expect(client.register(file('bool'), { subject })).rejects.toMatchObject({ status: 409 });
  expect(await client.getLatestSchemaId(subject)).toBe(later.id);
});
