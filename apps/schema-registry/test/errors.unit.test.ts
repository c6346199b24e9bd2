import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { TidemarkError } from '#libs/foundation/kernel';
import { RegistryError } from '#libs/stores/schemas';
import { type HttpOnly, startHttpOnly, V1 } from './http-only.ts';

let http: HttpOnly;
beforeAll(async () => {
  http = await startHttpOnly({ bodyMaxBytes: 65_536 });
});
afterAll(() => http.stop());
afterEach(() => http.recording.answer('listSubjects', ['s']));

describe('what cannot be meant is refused in Confluent’s shape, and the registry is not asked', () => {
  const json = '{"schema":"\\"string\\""}';
  const cases: [string, string, unknown, number, number, string | RegExp][] = [
    ['an unknown route', 'GET /nothing', undefined, 404, 404, 'HTTP 404 Not Found'],
    ['an unknown route below a known one', 'GET /subjects/s/versions/1/x', undefined, 404, 404, 'HTTP 404 Not Found'],
    ['an unknown route of a context', 'GET /contexts/a/nothing', undefined, 404, 404, 'HTTP 404 Not Found'],
    ['a wrong method', 'PUT /subjects', '{}', 405, 405, 'HTTP 405 Method Not Allowed'],
    ['a wrong method on a subject', 'PATCH /config/s', '{}', 405, 405, 'HTTP 405 Method Not Allowed'],
    ['a context with a colon', 'GET /contexts/a%3Ab/subjects', undefined, 400, 400, /colon: a:b/],
    ['an id that is no number', 'GET /schemas/ids/abc', undefined, 404, 404, 'HTTP 404 Not Found'],
    ['an id beyond 32 bits', 'GET /schemas/ids/2147483648', undefined, 404, 404, 'HTTP 404 Not Found'],
    ['a limit that is no number', 'GET /subjects?limit=x', undefined, 404, 404, 'HTTP 404 Not Found'],
    ['a malformed escape', 'GET /subjects/%zz/versions', undefined, 400, 400, /%zz|url|URI/i],
    ['a NUL in a subject', 'GET /subjects/a%00b/versions', undefined, 422, 42208, /U\+0000/],
    ['a NUL in a schema', 'POST /subjects/s/versions', '{"schema":"a\\u0000b"}', 400, 400, /U\+0000/],
    ['no body', 'POST /subjects/s/versions', undefined, 422, 422, /must not be null/],
    ['an empty body', 'POST /subjects/s/versions', '', 422, 422, /must not be null/],
    ['a null body', 'POST /subjects/s/versions', 'null', 422, 422, /must not be null/],
    ['no body for a config', 'PUT /config', undefined, 422, 422, /must not be null/],
    ['a body that is no JSON', 'POST /subjects/s/versions', '{"schema":', 400, 400, /not valid JSON/],
    ['a body that is a list', 'POST /subjects/s/versions', '[]', 400, 400, /body/],
    ['a body that is a text', 'POST /subjects/s/versions', '"x"', 400, 400, /body/],
    [
      'a schema that is an object',
      'POST /subjects/s/versions',
      '{"schema":{"type":"string"}}',
      400,
      400,
      /body\.schema/,
    ],
    ['references that are no list', 'POST /subjects/s', '{"schema":"x","references":{}}', 400, 400, /body\.references/],
    ['a reference that is none', 'POST /subjects/s', '{"schema":"x","references":[1]}', 400, 400, /references\.0/],
    ['an id that is a text', 'POST /subjects/s/versions', '{"schema":"x","id":"a"}', 400, 400, /body\.id/],
    [
      'a version beyond 32 bits',
      'POST /subjects/s/versions',
      '{"schema":"x","version":2147483648}',
      400,
      400,
      /version/,
    ],
    ['a key that reaches the prototype', 'POST /subjects/s', '{"schema":"x","__proto__":{}}', 400, 400, /__proto__/],
    ['a body nested too deep', 'PUT /config', `{"a":${'['.repeat(500)}${']'.repeat(500)}}`, 400, 400, /nested/],
    ['a body over the limit', 'POST /subjects/s', `{"schema":"${'x'.repeat(70_000)}"}`, 413, 413, /./],
    ['version 0', 'GET /subjects/s/versions/0', undefined, 422, 42202, /^The specified version '0' is not a valid/],
    ['version -2', 'DELETE /subjects/s/versions/-2', undefined, 422, 42202, /'-2'/],
    ['a version in words', 'GET /subjects/s/versions/first/schema', undefined, 422, 42202, /'first'/],
    ['a version beyond 32 bits', 'GET /subjects/s/versions/2147483648', undefined, 422, 42202, /2\^31-1/],
    ['a version of a check', 'POST /compatibility/subjects/s/versions/1.5', json, 422, 42202, /'1\.5'/],
    ['a key encryption key', 'POST /dek-registry/v1/keks', '{}', 422, 42205, /not supported/],
    ['an exporter', 'PUT /exporters/e/pause', undefined, 422, 42205, /not supported/],
  ];

  test.each(cases)('%s', async (_name, request, body, status, errorCode, message) => {
    const [method, path] = request.split(' ') as [string, string];
    const before = http.recording.calls.length;
    const answer = await http.call(method, path, { body });
    expect(answer.json).toEqual({
      error_code: errorCode,
      message: typeof message === 'string' ? message : expect.stringMatching(message),
    });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([status, V1]);
    expect(http.recording.calls).toHaveLength(before);
  });

  test('a request that is no HTTP', async () => {
    const { port } = new URL(http.url);
    const text = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(port), '127.0.0.1', () => socket.end('NONSENSE\r\n\r\n'));
      let received = '';
      socket.on('data', (chunk) => (received += chunk.toString()));
      socket.on('end', () => resolve(received));
      socket.on('error', reject);
    });
    expect(text).toMatch(/^HTTP\/1\.1 400 /);
    expect(text).toMatch(/\{"error_code":400,"message":"[^"]+"\}$/);
  });
});

describe('what the registry throws', () => {
  const cases: [string, Error, number, unknown][] = [
    ['its own errors', new RegistryError(40401, "Subject 's' not found."), 404, { error_code: 40401 }],
    ['an incompatible schema', new RegistryError(40901, 'incompatible'), 409, { error_code: 40901 }],
    ['a store that is away', new TidemarkError('DATABASE_UNAVAILABLE', 'away'), 500, { error_code: 50001 }],
    ['a store that is busy', new TidemarkError('DATABASE_BUSY', 'busy'), 500, { error_code: 50001 }],
    ['a request that takes too long', new TidemarkError('REQUEST_TIMEOUT', 'late'), 500, { error_code: 50002 }],
    ['a stop', new TidemarkError('SHUTTING_DOWN', 'stopping'), 503, { error_code: 503 }],
    ['a defect, without its cause', new Error('select secret from t'), 500, { error_code: 500 }],
  ];
  test.each(cases)('%s', async (_name, error, status, body) => {
    http.recording.answer('listSubjects', error);
    const answer = await http.call('GET', '/subjects');
    expect([answer.status, answer.headers.get('content-type')]).toEqual([status, V1]);
    expect(answer.json).toMatchObject(body as object);
    expect(Object.keys(answer.json as object)).toEqual(['error_code', 'message']);
    expect(answer.text).not.toContain('secret');
  });
});
