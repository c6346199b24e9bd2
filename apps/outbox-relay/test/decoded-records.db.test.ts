import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { createResponseChecker, type OpenApiDocument } from '#libs/foundation/http';
import { createOutbox, registerSchema } from '#libs/sdk';
import { startTestRelay, type TestRelay } from './running-relay.ts';

interface DecodedRecord {
  readonly decoded?: { schemaId: number; schemaType: string; value?: unknown; error?: { code: string } };
}

const SCHEMA = {
  type: 'record',
  name: 'Paid',
  fields: [
    { name: 'cents', type: 'long' },
    { name: 'proof', type: 'bytes' },
  ],
};

let relay: TestRelay;
let id: number;
let messageId: string;
beforeAll(async () => {
  relay = await startTestRelay();
  await relay.database.db.query(`select outbox.create_topic('paid', 1)`);
  const client = new pg.Client({ connectionString: relay.database.url });
  await client.connect();
  await client.query('begin');
  ({ id } = await registerSchema(client, { subject: 'paid-value', schema: SCHEMA }));
  const outbox = createOutbox();
  messageId = await outbox.emit(client, 'paid', {
    payload: { cents: 2n ** 60n, proof: Buffer.of(255) },
    schema: { subject: 'paid-value' },
  });
  await outbox.emit(client, 'paid', { payload: Buffer.from('not framed'), schemaId: id });
  await outbox.emit(client, 'paid', { payload: Buffer.from('000000ffff01', 'hex'), schemaId: 65_535 });
  await outbox.emit(client, 'paid', {
    payload: Buffer.concat([Buffer.of(0, 0, 0, 0, id), Buffer.of(2)]),
    schemaId: id,
  });
  await outbox.emit(client, 'paid', { payload: { plain: true } });
  await outbox.emit(client, 'paid', { key: 'k', payload: null });
  await client.query('commit');
  await client.end();
  await relay.caughtUp();
});
afterAll(() => relay.stop());

const expected = () => [
  { schemaId: id, schemaType: 'AVRO', value: { cents: '1152921504606846976', proof: { base64: '/w==' } } },
  { schemaId: id, schemaType: null, error: { code: 'WIRE_FORMAT_INVALID', message: expect.any(String) } },
  { schemaId: 65_535, schemaType: null, error: { code: 'SCHEMA_UNKNOWN', message: expect.any(String) } },
  { schemaId: id, schemaType: null, error: { code: 'PAYLOAD_INVALID', message: expect.any(String) } },
  undefined,
  undefined,
];

test('values with a schema are shown decoded, and one that cannot be read does not fail the page', async () => {
  const document = (await (await relay.get('/openapi.json')).json()) as OpenApiDocument;
  const check = createResponseChecker(document);
  for (const path of ['/v1/topics/paid/partitions/0/records', '/v1/topics/paid/records']) {
    const response = await relay.get(`${path}?decode=true`);
    const body = (await response.json()) as { records?: DecodedRecord[]; items?: DecodedRecord[] };
    const contentType = response.headers.get('content-type');
    expect(check({ method: 'GET', path, status: 200, contentType, body })).toEqual([]);
    expect((body.records ?? body.items)?.map(({ decoded }) => decoded)).toEqual(expected());
  }
});

test('a message by its id, and without being asked nothing is decoded', async () => {
  const decoded = (await (await relay.get(`/v1/messages/${messageId}?decode=true`)).json()) as {
    records: DecodedRecord[];
  };
  expect(decoded.records.map(({ decoded }) => decoded)).toEqual(expected().slice(0, 1));
  const plain = (await (await relay.get(`/v1/messages/${messageId}`)).json()) as { records: DecodedRecord[] };
  expect(plain.records.map((record) => 'decoded' in record)).toEqual([false]);
});
