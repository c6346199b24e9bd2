import { expect, test } from '@jest/globals';
import { encodeWithHeader, SCHEMA_HEADERS, type SchemaSource, type StoredSchema } from '#libs/codec';
import { TidemarkError } from '#libs/foundation/kernel';
import type { TopicRecord } from '#libs/stores/topic';
import { type DecodeMode, PayloadDecoder } from '../src/consumer/payload-decoder.ts';

const SCHEMA: StoredSchema & { readonly guid: string } = {
  id: 7,
  guid: '00000000-0000-4000-8000-000000000007',
  schemaType: 'AVRO',
  text: '"long"',
  dependencies: [],
};

function decoder(mode: DecodeMode, found: () => unknown = () => SCHEMA): PayloadDecoder {
  const find = async (): Promise<never> => found() as never;
  const source: SchemaSource = { byId: find, byGuid: find, latest: find, byVersion: find };
  return new PayloadDecoder(source, () => mode);
}

function record(value: Buffer | null, more: Partial<TopicRecord> = {}): TopicRecord {
  const place = { topic: 't', partition: 0, offset: 0n, position: 0n, messageId: 'm', time: new Date(0) };
  return { ...place, key: null, value, headers: [], schemaId: null, ...more };
}

const framed = Buffer.from([0, 0, 0, 0, 7, 84]);
const byHeader = encodeWithHeader(SCHEMA, 42n);

test.each([
  ['auto', record(framed, { schemaId: 7 }), 42n],
  ['auto', record(byHeader.payload, { headers: [[SCHEMA_HEADERS.value, byHeader.header]] }), 42n],
  ['schema', record(framed), 42n],
  ['auto', record(Buffer.from('{"n":12345678901234567890}')), { n: 12345678901234567890n }],
  ['json', record(Buffer.from('null')), null],
  ['auto', record(Buffer.from([0xff, 0x7b])), Buffer.from([0xff, 0x7b])],
  ['bytes', record(framed), framed],
  ['schema', record(null), null],
] as const)('%s reads what is there', async (mode, given, value) => {
  expect((await decoder(mode).decode(given, 's')).value).toEqual(value);
});

test('what the mode does not allow is refused, and a registry that is away is told as such', async () => {
  await expect(decoder('json').decode(record(Buffer.from('{')), 's')).rejects.toMatchObject({
    code: 'PAYLOAD_INVALID',
  });
  await expect(decoder('json').decode(record(Buffer.from([0xff])), 's')).rejects.toMatchObject({
    code: 'PAYLOAD_INVALID',
  });
  await expect(decoder('schema').decode(record(Buffer.from('{}')), 's')).rejects.toMatchObject({
    code: 'WIRE_FORMAT_INVALID',
  });
  const away = decoder('auto', () => {
    throw new TidemarkError('REGISTRY_UNAVAILABLE', 'away');
  });
  await expect(away.decode(record(framed), 's')).rejects.toMatchObject({ retryable: true });
});
