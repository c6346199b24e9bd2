import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type * as Library from 'confluent-schemaregistry-1-10';
import { startTestRegistry, type TestRegistry } from '../running-registry.ts';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startTestRegistry();
});
afterAll(() => registry.stop());

const avro = (name: string, ...fields: object[]) => ({
  schemaType: 'AVRO',
  schema: JSON.stringify({ type: 'record', name, fields }),
});
const ID = { name: 'id', type: 'long' };
const NOTE = { name: 'note', type: 'string', default: 'none' };

// The three differ in what they ask before the first message of a topic; their types agree where the tests use them. The index
// of the package also loads its encryption, which jest cannot load and nothing here uses.
async function load(name: string): Promise<typeof Library> {
  const parts = ['schemaregistry-client.js', 'serde/serde.js', 'serde/avro.js', 'serde/json.js'];
  const loaded = await Promise.all(parts.map((part) => import(`${name}/dist/${part}`) as Promise<object>));
  return Object.assign({}, ...loaded) as typeof Library;
}

const CLIENTS = [
  ['1.8.2', await load('confluent-schemaregistry-1-8')],
  ['1.9.0', await load('confluent-schemaregistry-1-9')],
  ['1.10.1', await load('confluent-schemaregistry-1-10')],
] as const;

describe.each(CLIENTS)('@confluentinc/schemaregistry %s', (version, library) => {
  const { AvroDeserializer, AvroSerializer, JsonDeserializer, JsonSerializer, SchemaRegistryClient, SerdeType } =
    library;
  const topicOf = (name: string) => `${name}-${version}`;
  const connect = () => new SchemaRegistryClient({ baseURLs: [registry.url], cacheCapacity: 100 });
  const latest = { autoRegisterSchemas: false, useLatestVersion: true };

  test('registers, serializes and deserializes Avro, and reads old messages with the evolved schema', async () => {
    const client = connect();
    const topic = topicOf('evolve');
    await client.register(`${topic}-value`, avro('Order', ID));
    const old = await new AvroSerializer(client, SerdeType.VALUE, latest).serialize(topic, { id: 42 });
    await client.register(`${topic}-value`, avro('Order', ID, NOTE));
    const evolved = connect();
    const serializer = new AvroSerializer(evolved, SerdeType.VALUE, latest);
    const message = await serializer.serialize(topic, { id: 43, note: 'x' });
    const reader = new AvroDeserializer(evolved, SerdeType.VALUE, { useLatestVersion: true });
    expect(await reader.deserialize(topic, message)).toMatchObject({ id: 43, note: 'x' });
    expect(await reader.deserialize(topic, old)).toMatchObject({ id: 42, note: 'none' });
    expect(await client.getAllVersions(`${topic}-value`)).toEqual([1, 2]);
  });

  test('registers on its own, once', async () => {
    const client = connect();
    const topic = topicOf('auto');
    const id = await client.register(`${topic}-value`, avro('Auto', ID));
    expect(await client.register(`${topic}-value`, avro('Auto', ID))).toBe(id);
    expect(await connect().getId(`${topic}-value`, avro('Auto', ID))).toBe(id);
    expect(await connect().getAllSubjects()).toContain(`${topic}-value`);
    expect(await connect().getLatestSchemaMetadata(`${topic}-value`)).toMatchObject({ id, version: 1 });
  });

  test('follows references', async () => {
    const client = connect();
    const topic = topicOf('cart');
    const item = topicOf('item');
    await client.register(item, avro('Item', { name: 'name', type: 'string' }));
    await client.register(`${topic}-value`, {
      ...avro('Cart', { name: 'item', type: 'Item' }),
      references: [{ name: 'Item', subject: item, version: 1 }],
    });
    const fresh = connect();
    const message = await new AvroSerializer(fresh, SerdeType.VALUE, latest).serialize(topic, { item: { name: 'x' } });
    const read = await new AvroDeserializer(connect(), SerdeType.VALUE, {}).deserialize(topic, message);
    expect(read).toMatchObject({ item: { name: 'x' } });
  });

  test('validates JSON by its schema', async () => {
    const client = connect();
    const topic = topicOf('json');
    const schema = JSON.stringify({ type: 'object', properties: { id: { type: 'integer' } }, required: ['id'] });
    await client.register(`${topic}-value`, { schemaType: 'JSON', schema });
    const serializer = new JsonSerializer(client, SerdeType.VALUE, { ...latest, validate: true });
    const message = await serializer.serialize(topic, { id: 1 });
    expect(await new JsonDeserializer(connect(), SerdeType.VALUE, {}).deserialize(topic, message)).toEqual({ id: 1 });
    await expect(serializer.serialize(topic, { id: 'x' })).rejects.toThrow();
  });

  test('is told what is incompatible, by number', async () => {
    const client = connect();
    const subject = `${topicOf('refused')}-value`;
    await client.register(subject, avro('Order', ID));
    const changed = avro('Order', { name: 'id', type: 'string' });
    expect(await client.testCompatibility(subject, 1, changed)).toBe(false);
    await expect(client.register(subject, changed)).rejects.toMatchObject({ status: 409, errorCode: 40901 });
    await client.updateCompatibility(subject, library.Compatibility.NONE);
    expect(await client.getCompatibility(subject)).toBe('NONE');
    expect(await client.register(subject, changed)).toEqual(expect.any(Number));
    expect(await client.deleteSubject(subject)).toEqual([1, 2]);
    expect(await client.deleteSubject(subject, true)).toEqual([1, 2]);
  });
});
