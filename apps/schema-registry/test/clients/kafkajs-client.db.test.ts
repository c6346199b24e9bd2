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
