import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { protobufFormat } from '#libs/formats/protobuf';
import type { Dependency } from '#libs/formats/schema';
import {
  encodePayload,
  encodeWithHeader,
  HttpSchemaSource,
  PayloadReader,
  SCHEMA_HEADERS,
  SchemaCache,
  type SchemaSource,
} from '../src/index.ts';
import { type ClientResult, type ClientStep, type ClientTask, tagged, untagged } from './client-steps.ts';
import { MemoryRegistry } from './memory-registry.ts';

const LINE = { type: 'record', name: 'shop.Line', fields: [{ name: 'sku', type: 'string' }] };
const payments = [
  { type: 'record', name: 'Card', fields: [{ name: 'no', type: 'string' }] },
  { type: 'record', name: 'Cash', fields: [] },
];
const ORDER = {
  type: 'record',
  name: 'shop.Order',
  fields: [
    { name: 'id', type: 'string' },
    { name: 'cents', type: 'long' },
    { name: 'share', type: 'double' },
    { name: 'note', type: ['null', 'string'], default: null },
    { name: 'paid', type: ['null', ...payments] },
    { name: 'lines', type: { type: 'array', items: 'shop.Line' } },
    { name: 'tags', type: { type: 'map', values: 'int' } },
    { name: 'raw', type: 'bytes' },
    { name: 'status', type: { type: 'enum', name: 'Status', symbols: ['NEW', 'PAID'] } },
  ],
};
const order = (cents: unknown) => ({
  id: 'ö-1',
  cents,
  share: 0.25,
  note: null,
  paid: { 'shop.Card': { no: '4' } },
  lines: [{ sku: 'tea' }, { sku: 'cup' }],
  tags: { a: 1, b: -2 },
  raw: Buffer.of(0, 255),
  status: 'PAID',
});
const MONEY = 'syntax = "proto3";\npackage money;\n\nmessage Amount {\n  int64 cents = 1;\n}\n';
const PAYMENT = `syntax = "proto3";
package pay;

import "money.proto";

message Ping {}
message Payment {
  string order_id = 1;
  money.Amount amount = 2;
  repeated sint32 parts = 3;
  map<string, bool> flags = 4;
  oneof how {
    string card = 5;
    Nested cash = 6;
  }
  message Nested {
    uint64 big = 1;
  }
}
`;
/** The same payment in the words of the client's generated code and in ours. */
const theirPayment = {
  orderId: 'o',
  amount: { cents: 2n ** 60n },
  parts: [1, -1],
  flags: { x: true },
  how: { case: 'cash', value: { big: 2n ** 64n - 1n } },
};
const ourPayment = {
  order_id: 'o',
  amount: { cents: 2n ** 60n },
  parts: [1, -1],
  flags: { x: true },
  cash: { big: 2n ** 64n - 1n },
};

let registry: MemoryRegistry;
let source: SchemaSource;
let reader: PayloadReader;
beforeAll(async () => {
  registry = await new MemoryRegistry().start();
  registry.add('line', 'AVRO', JSON.stringify(LINE));
  registry.add('avro-value', 'AVRO', JSON.stringify(ORDER), [{ name: 'shop.Line', subject: 'line', version: 1 }]);
  registry.add('bytes-value', 'AVRO', '"bytes"');
  registry.add('json-value', 'JSON', '{"type":"object","properties":{"n":{"type":"integer"},"s":{"type":"string"}}}');
  registry.add('money.proto', 'PROTOBUF', MONEY);
  registry.add('proto-value', 'PROTOBUF', PAYMENT, [{ name: 'money.proto', subject: 'money.proto', version: 1 }]);
  registry.add('simple-value', 'PROTOBUF', MONEY);
  source = new SchemaCache().over(new HttpSchemaSource({ url: registry.url }));
  reader = new PayloadReader(source);
});
afterAll(() => registry.stop());

function serialized(text: string, dependencies: Dependency[]): string {
  return protobufFormat.formattedText(protobufFormat.parse(text, dependencies), 'serialized');
}

async function runClients(steps: readonly ClientStep[]): Promise<ClientResult[]> {
  const script = fileURLToPath(new URL('client-process.ts', import.meta.url));
  const child = spawn(process.execPath, [script], { stdio: ['pipe', 'pipe', 'pipe'] });
  const task: ClientTask = {
    url: registry.url,
    payment: serialized(PAYMENT, [{ name: 'money.proto', text: MONEY }]),
    money: serialized(MONEY, []),
    steps,
  };
  child.stdin.end(JSON.stringify(task));
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
  if (output === '') throw new Error(`the clients answered nothing: ${errors}`);
  return JSON.parse(output) as ClientResult[];
}

const encoded = async (subject: string, value: unknown, message?: string): Promise<Buffer> =>
  encodePayload((await source.latest(subject)).schema, value, { message });
const read = async (bytes: string | undefined, header?: string): Promise<unknown> => {
  const headers = header === undefined ? [] : ([[SCHEMA_HEADERS.value, Buffer.from(header, 'hex')]] as const);
  return (await reader.decode(Buffer.from(bytes ?? '', 'hex'), { headers })).value;
};

describe.each(['1.8.2', '1.9.0', '1.10.1'] as const)('@confluentinc/schemaregistry %s', (client) => {
  test('writes and reads the same bytes in all formats, with references', async () => {
    const json = { n: 5, s: 'ü' };
    const bytes = {
      avro: (await encoded('avro-value', order(2n ** 40n))).toString('hex'),
      bytes: (await encoded('bytes-value', Buffer.from('plain'))).toString('hex'),
      json: (await encoded('json-value', json)).toString('hex'),
      protobuf: (await encoded('proto-value', ourPayment, 'pay.Payment')).toString('hex'),
    };
    const written = await runClients([
      { client, format: 'avro', topic: 'avro', value: tagged(order(2 ** 40)) },
      { client, format: 'avro', topic: 'bytes', value: tagged(Buffer.from('plain')) },
      { client, format: 'json', topic: 'json', value: tagged(json) },
      { client, format: 'protobuf', topic: 'proto', value: tagged(theirPayment) },
    ]);
    expect(written.map((result) => result.bytes)).toEqual(Object.values(bytes));
    expect(await read(written[0]?.bytes)).toEqual(order(2n ** 40n));
    expect(await read(written[1]?.bytes)).toEqual(Buffer.from('plain'));
    expect(await read(written[2]?.bytes)).toEqual(json);
    expect(await read(written[3]?.bytes)).toEqual(ourPayment);
    const values = await runClients([
      { client, format: 'avro', topic: 'avro', bytes: bytes.avro },
      { client, format: 'avro', topic: 'bytes', bytes: bytes.bytes },
      { client, format: 'json', topic: 'json', bytes: bytes.json },
    ]);
    expect(values.map(({ value }) => untagged(value ?? ''))).toEqual([order(2 ** 40), Buffer.from('plain'), json]);
  });

  test('writes the guid into a header as it is read and written here', async () => {
    const [written] = await runClients([
      { client, format: 'avro', topic: 'avro', header: true, value: tagged(order(7)) },
    ]);
    expect(await read(written?.bytes, written?.header)).toEqual(order(7n));
    const { schema } = await source.latest('avro-value');
    const own = encodeWithHeader({ ...schema, guid: schema.guid! }, order(7n));
    expect({ bytes: own.payload.toString('hex'), header: own.header.toString('hex') }).toEqual(written);
  });
});

test('@kafkajs/confluent-schema-registry writes and reads Avro and JSON alike, Protobuf without message indexes', async () => {
  const client = 'kafkajs';
  const ids = await Promise.all(
    ['avro-value', 'json-value', 'simple-value'].map(async (subject) => (await source.latest(subject)).schema.id),
  );
  const avro = (await encoded('avro-value', order(5n))).toString('hex');
  const json = (await encoded('json-value', { n: 1 })).toString('hex');
  const proto = (await encoded('simple-value', { cents: 5n })).toString('hex');
  const results = await runClients([
    { client, format: 'avro', topic: 'avro', schemaId: ids[0], value: tagged(order(5)) },
    { client, format: 'json', topic: 'json', schemaId: ids[1], value: tagged({ n: 1 }) },
    { client, format: 'protobuf', topic: 'simple', schemaId: ids[2], value: tagged({ cents: 5 }) },
    { client, format: 'avro', topic: 'avro', bytes: avro },
    { client, format: 'json', topic: 'json', bytes: json },
    { client, format: 'protobuf', topic: 'simple', bytes: proto },
  ]);
  expect(results.slice(0, 2).map(({ bytes }) => bytes)).toEqual([avro, json]);
  expect(results[2]?.bytes?.slice(10)).toBe('0805');
  expect(await read(results[2]?.bytes)).toEqual({ cents: 5n });
  expect(results.slice(3).map(({ value }) => untagged(value ?? ''))).toEqual([order(5), { n: 1 }, { cents: '5' }]);
});
