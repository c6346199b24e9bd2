import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { encodePayload, HttpSchemaSource, PayloadReader, SchemaCache, type SchemaSource } from '#libs/codec';
import { startTestRegistry, type TestRegistry } from '../running-registry.ts';
import { FILES } from './generated-files.ts';
import type { ProtobufResult, ProtobufStep, ProtobufTask } from './protobuf-steps.ts';

let registry: TestRegistry;
let source: SchemaSource;
let reader: PayloadReader;
beforeAll(async () => {
  registry = await startTestRegistry();
  source = new SchemaCache().over(new HttpSchemaSource({ url: registry.url }));
  reader = new PayloadReader(source);
});
afterAll(() => registry.stop());

const money = (cents: string) => ({ cents, currency: 'EUR' });
/** Imports, a well-known type, nested messages, a map, a oneof, presence, 64 bits. */
const order = {
  id: 'ö-1',
  by: { id: 'c', since: '2026-03-01T08:30:00.000000005Z', home: { city: 'Köln' } },
  lines: [{ sku: 'tea', price: money('450'), note: { text: 'green' } }, { sku: 'cup' }],
  counts: { a: '9007199254740993' },
  number: '18446744073709551615',
  cash: money('-9223372036854775808'),
};
const line = { sku: 'cup', note: { text: 'fragile' } };
const note = { text: 'of a line' };
const receipt = { shipment: { carrier: 'post', cost: money('3') }, total: money('5') };
const legacy = { id: 'l', part: [{ size: '1' }, { size: '-2' }] };
const tail = { t: 'end', head: { h: 'x' } };

describe.each(['1.8.2', '1.9.0', '1.10.1'] as const)('@confluentinc/schemaregistry %s', (client) => {
  const topicOf = (name: string): string => `${name}-${client}`;

  let child: ChildProcessWithoutNullStreams;
  let lines: AsyncIterator<string>;
  beforeAll(() => {
    child = spawn(process.execPath, [fileURLToPath(new URL('protobuf-process.ts', import.meta.url))]);
    lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  });
  afterAll(async () => {
    child.stdin.end();
    if (child.exitCode === null) await once(child, 'close');
  });

  async function run(...steps: ProtobufStep[]): Promise<ProtobufResult[]> {
    child.stdin.write(`${JSON.stringify({ url: registry.url, client, steps } satisfies ProtobufTask)}\n`);
    const line = await lines.next();
    if (line.done === true) throw new Error(`the client ended: ${await text(child.stderr)}`);
    return JSON.parse(line.value) as ProtobufResult[];
  }
  const bytesOf = (results: readonly ProtobufResult[]): string[] =>
    results.map(({ bytes, error }) => {
      if (bytes === undefined) throw new Error(error?.message);
      return bytes;
    });
  const versionsOf = async (topic: string): Promise<unknown> =>
    (await registry.ask(`GET /subjects/${topic}-value/versions`)).body;

  test('registers a file with what it imports, and serializes and deserializes its messages, nested ones too', async () => {
    const topic = topicOf('orders');
    const messages = [
      { message: 'shop.Order', value: order },
      { message: 'shop.Order.Line', value: line },
      { message: 'shop.Order.Line.Note', value: note },
      { message: 'shop.Ping', value: {} },
    ];
    const write = (each: (typeof messages)[number]): ProtobufStep => ({ do: 'write', topic, file: 'order', ...each });
    const bytes = bytesOf(await run(...messages.map(write), write(messages[0]!)));
    expect(bytes[4]).toBe(bytes[0]);
    const read = bytes.slice(0, 4).map((each) => ({ do: 'read', topic, file: 'order', bytes: each }) as const);
    expect(await run(...read)).toEqual(messages);

    expect(await versionsOf(topic)).toEqual([1]);
    expect((await registry.ask(`GET /subjects/${topic}-value/versions/1`)).body).toMatchObject({
      schemaType: 'PROTOBUF',
      schema: expect.stringContaining('import "common/customer.proto";'),
      references: [
        { name: 'common/money.proto', subject: 'common/money.proto', version: 1 },
        { name: 'common/customer.proto', subject: 'common/customer.proto', version: 1 },
      ],
    });
  });

  test('evolves a file: what can be read is registered, what cannot is refused with 409', async () => {
    const topic = topicOf('evolving');
    const write = (file: 'order' | 'orderWithRemark' | 'orderWithNumber', value: object, settings?: object) =>
      ({ do: 'write', topic, file, message: 'shop.Order', value, settings }) as const;
    const remarked = { ...order, remark: 'later' };
    const old = bytesOf(await run(write('order', order)))[0]!;
    const results = await run(
      write('orderWithRemark', remarked),
      write('orderWithNumber', { id: '5' }),
      write('orderWithNumber', { id: '5' }, { autoRegisterSchemas: false }),
      write('orderWithRemark', remarked, { autoRegisterSchemas: false, useLatestVersion: true }),
    );
    const [added, refused, unknown, latest] = results;
    expect(refused?.error).toMatchObject({
      status: 409,
      errorCode: 40_901,
      message: expect.stringContaining('FIELD_SCALAR_KIND_CHANGED'),
    });
    expect(unknown?.error).toMatchObject({ status: 404, errorCode: 40_403 });
    expect(latest?.bytes).toBe(added?.bytes);
    expect(await versionsOf(topic)).toEqual([1, 2]);
    const read = (file: 'order' | 'orderWithRemark', bytes = '') => ({ do: 'read', topic, file, bytes }) as const;
    expect(await run(read('order', old), read('orderWithRemark', added?.bytes))).toEqual([
      { message: 'shop.Order', value: order },
      { message: 'shop.Order', value: remarked },
    ]);
  });

  test('reads what the codec writes, and the codec reads what it writes, with references and nested messages', async () => {
    const topic = topicOf('codec');
    const step = (message: string, value: unknown): ProtobufStep =>
      ({ do: 'write', topic, file: 'order', message, value }) as const;
    const [whole, nested] = bytesOf(await run(step('shop.Order', order), step('shop.Order.Line.Note', note)));
    const decoded = async (bytes: string): Promise<unknown> =>
      (await reader.decode(Buffer.from(bytes, 'hex'), { topic })).value;
    expect(await decoded(nested!)).toEqual(note);
    const value = await decoded(whole!);
    expect(value).toMatchObject({
      by: { since: { seconds: 1_772_353_800n, nanos: 5 }, home: { city: 'Köln' } },
      cash: { cents: -(2n ** 63n) },
      counts: { a: 2n ** 53n + 1n },
      number: 2n ** 64n - 1n,
    });
    const { schema } = await source.latest(`${topic}-value`);
    const own = encodePayload(schema, value, { message: 'shop.Order' }).toString('hex');
    expect(own).toBe(whole);
    expect(encodePayload(schema, note, { message: 'shop.Order.Line.Note' }).toString('hex')).toBe(nested);
    expect(await run({ do: 'read', topic, file: 'order', bytes: own })).toEqual([
      { message: 'shop.Order', value: order },
    ]);
  });

  test('registers imports of imports, which the codec reads, and the client where it meets them first', async () => {
    const topic = topicOf('receipts');
    const reference = (name: string) => ({ name, subject: name, version: 1 });
    const step = { do: 'write', file: 'receipt', message: 'shop.Receipt', value: receipt } as const;
    const [written] = bytesOf(await run({ ...step, topic }));
    expect((await registry.ask('GET /subjects/common%2Fshipment.proto/versions/1')).body).toMatchObject({
      references: [reference('common/money.proto')],
    });
    expect((await reader.decode(Buffer.from(written!, 'hex'), { topic })).value).toEqual({
      shipment: { carrier: 'post', cost: { cents: 3n, currency: 'EUR' } },
      total: { cents: 5n, currency: 'EUR' },
    });
    // At the second level the clients forget to ask for a descriptor, unless they have it by then.
    const inner = `${topic}-inner-first`;
    const references = [reference('common/money.proto'), reference('common/shipment.proto')];
    const request = { schemaType: 'PROTOBUF', schema: FILES.receipt.text, references };
    expect(await registry.ask(`POST /subjects/${inner}-value/versions`, request)).toMatchObject({ status: 200 });
    const settings = { autoRegisterSchemas: false, useLatestVersion: true };
    const [bytes] = bytesOf(await run({ ...step, topic: inner, settings }));
    expect(await run({ do: 'read', topic: inner, file: 'receipt', bytes: bytes! })).toEqual([
      { message: 'shop.Receipt', value: receipt },
    ]);
  });

  test('counts the messages of groups as registry and codec do', async () => {
    const topic = topicOf('legacy');
    const messages = [
      { message: 'shop.Legacy', value: legacy },
      { message: 'shop.Legacy.Head', value: { h: 'h' } },
      { message: 'shop.Legacy.Part', value: { size: '7' } },
      { message: 'shop.Legacy.Tail', value: tail },
    ];
    const bytes = bytesOf(
      await run(...messages.map((each) => ({ do: 'write', topic, file: 'legacy', ...each }) as const)),
    );
    expect(bytes.map((each) => each.slice(10, 16))).toEqual([
      expect.stringMatching(/^00/),
      '040000',
      '040002',
      '040004',
    ]);
    const read = bytes.map((each) => ({ do: 'read', topic, file: 'legacy', bytes: each }) as const);
    expect(await run(...read)).toEqual(messages);

    const values = [{ id: 'l', part: [{ size: 1n }, { size: -2n }] }, { h: 'h' }, { size: 7n }, tail];
    const { schema } = await source.latest(`${topic}-value`);
    for (const [index, value] of values.entries()) {
      const written = Buffer.from(bytes[index]!, 'hex');
      expect((await reader.decode(written, { topic })).value).toEqual(value);
      expect(encodePayload(schema, value, { message: messages[index]!.message })).toEqual(written);
    }
    // Registered as text, where Confluent's layout alone would show the group first.
    const asText = { schemaType: 'PROTOBUF', schema: FILES.legacy.text };
    await registry.ask(`POST /subjects/${topic}-text-value/versions`, asText);
    const settings = { autoRegisterSchemas: false, useLatestVersion: true };
    const steps = messages.map(
      (each) => ({ do: 'write', topic: `${topic}-text`, file: 'legacy', ...each, settings }) as const,
    );
    const again = bytesOf(await run(...steps));
    expect(await run(...again.map((each, index) => ({ ...read[index]!, bytes: each })))).toEqual(messages);
  });
});
