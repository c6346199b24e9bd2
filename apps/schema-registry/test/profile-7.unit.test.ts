import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { RegistryError } from '#libs/stores/schemas';
import { type HttpOnly, startHttpOnly } from './http-only.ts';
import { SCHEMA_7, VERSION_1 } from './recording-registry.ts';

let http: HttpOnly;
beforeAll(async () => {
  http = await startHttpOnly({ profile: 7 });
});
afterAll(() => http.stop());

const references = [{ name: 'a', subject: 'b', version: 2 }];
const AVRO = '{"subject":"s","version":1,"id":7,"schema":"\\"string\\""}';

test('Avro schemas have no type, and no field that came later', async () => {
  expect((await http.call('GET', '/subjects/s/versions/1')).text).toBe(AVRO);
  expect((await http.call('POST', '/subjects/s', { body: { schema: '"string"' } })).text).toBe(AVRO);
  expect((await http.call('GET', '/schemas/ids/7')).text).toBe('{"schema":"\\"string\\""}');
  expect((await http.call('GET', '/schemas')).text).toBe(`[${AVRO}]`);
});

test('a registration answers the id alone', async () => {
  expect((await http.call('POST', '/subjects/s/versions', { body: { schema: '"string"' } })).text).toBe('{"id":7}');
});

test('other types are named', async () => {
  http.recording.answer('getVersion', { ...VERSION_1, schemaType: 'JSON', references });
  expect((await http.call('GET', '/subjects/s/versions/1')).json).toEqual({
    subject: 's',
    version: 1,
    id: 7,
    schemaType: 'JSON',
    references,
    schema: '"string"',
  });
  http.recording.answer('getByGuid', { ...SCHEMA_7, schemaType: 'PROTOBUF', maxId: 9 });
  expect((await http.call('GET', '/schemas/guids/g')).json).toEqual({
    schemaType: 'PROTOBUF',
    schema: '"string"',
    maxId: 9,
  });
});

test('an incompatible schema is 409, not 40901', async () => {
  http.recording.answer('register', new RegistryError(40901, 'incompatible'));
  const answer = await http.call('POST', '/subjects/s/versions', { body: { schema: '"string"' } });
  expect([answer.status, answer.text]).toEqual([409, '{"error_code":409,"message":"incompatible"}']);
});

test('the version of the API is one of 7', async () => {
  expect((await http.call('GET', '/v1/metadata/version')).json).toMatchObject({ version: '7.9.0' });
});
