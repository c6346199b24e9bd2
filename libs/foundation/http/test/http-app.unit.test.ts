import { request } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createResponseChecker, type OpenApiDocument, type ResponseChecker } from '../src/index.ts';
import { type RunningApp, startApp } from './support/running-app.ts';

let running: RunningApp;
let check: ResponseChecker;

beforeAll(async () => {
  running = await startApp({ bodyMaxBytes: 2_048 });
  check = createResponseChecker((await (await fetch(`${running.url}/openapi.json`)).json()) as OpenApiDocument);
});
afterAll(() => running.app.close());

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

/** Calls the app and holds every answer to the OpenAPI document. */
async function call(
  method: string,
  path: string,
  init: { body?: unknown; headers?: Record<string, string>; undocumented?: boolean } = {},
): Promise<Answer> {
  const text = typeof init.body === 'string' ? init.body : JSON.stringify(init.body);
  const headers = { ...(text !== undefined && { 'content-type': 'application/json' }), ...init.headers };
  const response = await fetch(running.url + path, { method, headers, body: text });
  const raw = await response.text();
  const contentType = response.headers.get('content-type');
  const body = (contentType?.includes('json') === true ? JSON.parse(raw) : raw === '' ? undefined : raw) as Record<
    string,
    unknown
  >;
  if (init.undocumented !== true)
    expect(check({ method, path, status: response.status, contentType, body })).toEqual([]);
  return { status: response.status, headers: response.headers, body };
}

describe('a good request', () => {
  test('reaches its handler with typed values, and the answer matches the document', async () => {
    const answer = await call('GET', '/v1/notes/a%2Fb?offset=9007199254740993&limit=2');
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({ name: 'a/b', offset: '9007199254740995', by: 'local' });
  });

  test('a write has its documented status; an answer without a body is 204', async () => {
    const created = await call('POST', '/v1/notes', { body: { name: 'x', tags: ['a', 'b'] } });
    expect(created.status).toBe(201);
    expect(created.headers.get('x-tags')).toBe('2');
    expect((await call('DELETE', '/v1/notes/x')).status).toBe(204);
  });

  test('an empty body with a content type counts as none', async () => {
    expect((await call('DELETE', '/v1/notes/x', { headers: { 'content-type': 'application/json' } })).status).toBe(204);
  });

  test('the request id is taken when sane, made up otherwise, and returned', async () => {
    expect(
      (await call('GET', '/v1/notes/x', { headers: { 'x-request-id': 'abc-1' } })).headers.get('x-request-id'),
    ).toBe('abc-1');
    const odd = await call('GET', '/v1/notes/x', { headers: { 'x-request-id': 'a b"c' } });
    expect(odd.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('bad input names the field and is a problem document', () => {
  const cases: [string, string, string, unknown, string][] = [
    ['an unknown query parameter', 'GET', '/v1/notes/x?limt=3', undefined, 'query.limt: no such field'],
    ['a bad number', 'GET', '/v1/notes/x?limit=51', undefined, 'query.limit: expected a whole number from 1 to 50'],
    ['a number given twice', 'GET', '/v1/notes/x?limit=1&limit=2', undefined, 'query.limit'],
    [
      'an offset beyond 64 bits',
      'GET',
      '/v1/notes/x?offset=9223372036854775808',
      undefined,
      'query.offset: expected at most',
    ],
    ['a missing body', 'POST', '/v1/notes', undefined, 'body: '],
    ['an unknown body field', 'POST', '/v1/notes', { name: 'x', colour: 1 }, 'body.colour: no such field'],
    ['two wrong fields', 'POST', '/v1/notes', { name: '', tags: [1] }, 'body.tags.0'],
    ['a body that is no JSON', 'POST', '/v1/notes', '{"name":', 'body: not valid JSON'],
    [
      'a key that reaches the prototype',
      'POST',
      '/v1/notes',
      '{"name":"x","__proto__":{"a":1}}',
      'body: the keys "__proto__"',
    ],
    ['a NUL character', 'POST', '/v1/notes', { name: 'a\u0000b' }, 'body.name: contains the character U+0000'],
    [
      'half a surrogate pair',
      'POST',
      '/v1/notes',
      '{"name":"a\\ud800"}',
      'body.name: contains half of a surrogate pair',
    ],
    [
      'half a surrogate pair in a key',
      'POST',
      '/v1/notes',
      '{"\\udc00":1}',
      'body: a name contains half of a surrogate',
    ],
    ['a NUL character in the path', 'GET', '/v1/notes/a%00b', undefined, 'path.name: contains the character U+0000'],
    [
      'a body nested too deep',
      'POST',
      '/v1/notes',
      `{"name":${'['.repeat(500)}${']'.repeat(500)}}`,
      'body: nested deeper',
    ],
    ['a body where none belongs', 'DELETE', '/v1/notes/x', { a: 1 }, 'body: this endpoint takes no body'],
  ];
  test.each(cases)('%s', async (_name, method, path, body, message) => {
    const answer = await call(method, path, { body });
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(answer.body).toMatchObject({
      type: 'urn:tidemark:error:REQUEST_INVALID',
      status: 400,
      code: 'REQUEST_INVALID',
      instance: path.split('?')[0],
      requestId: answer.headers.get('x-request-id'),
    });
    expect(answer.status).toBe(400);
    expect(answer.body['detail']).toContain(message);
    expect(answer.body['remedy']).toBeTruthy();
  });

  test('a header that the endpoint reads', async () => {
    const answer = await call('GET', '/v1/notes/x', { headers: { 'x-color': 'green' } });
    expect(answer.body['fields']).toBe('header.x-color');
  });

  test('an idempotency key that cannot be one', async () => {
    const answer = await call('POST', '/v1/notes', {
      body: { name: 'x' },
      headers: { 'idempotency-key': 'k'.repeat(256) },
    });
    expect(answer.body['detail']).toContain('header.idempotency-key');
  });

  test('bytes that are not UTF-8', async () => {
    const body = new Uint8Array([...Buffer.from('{"name":"x'), 0xff, ...Buffer.from('"}')]);
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${running.url}/v1/notes`, { method: 'POST', headers, body });
    expect(await answer.json()).toMatchObject({ status: 400, detail: 'body: not valid UTF-8' });
  });

  test('a compressed body', async () => {
    const headers = { 'content-encoding': 'gzip' };
    const answer = await call('POST', '/v1/notes', { body: '{"name":"x"}', headers });
    expect(answer.body).toMatchObject({ status: 415, detail: 'The content encoding gzip is not supported.' });
  });

  test('a body over the limit, whether announced or found out', async () => {
    expect((await call('POST', '/v1/notes', { body: { name: 'y'.repeat(3_000) } })).body['code']).toBe(
      'REQUEST_TOO_LARGE',
    );
  });

  test('another media type', async () => {
    const answer = await call('POST', '/v1/notes', {
      body: 'name=x',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(answer.body['code']).toBe('UNSUPPORTED_MEDIA_TYPE');
  });
});

describe('routing', () => {
  test('an unknown route and a wrong method are told apart', async () => {
    const unknown = await call('GET', '/v1/nothing', { undocumented: true });
    expect([unknown.status, unknown.body['code']]).toEqual([404, 'ROUTE_UNKNOWN']);
    const method = await call('PUT', '/v1/notes/x', { undocumented: true });
    expect([method.status, method.body['code'], method.headers.get('allow')]).toEqual([
      405,
      'METHOD_NOT_ALLOWED',
      'DELETE, GET, HEAD',
    ]);
  });

  test('a path that cannot be decoded', async () => {
    const answer = await call('GET', '/v1/notes/%ff%zz', { undocumented: true });
    expect([answer.status, answer.body['code']]).toEqual([400, 'REQUEST_INVALID']);
  });

  test('bytes that are no HTTP', async () => {
    const text = await new Promise<string>((resolve, reject) => {
      const socket = connect(running.port, '127.0.0.1', () => socket.write('NONSENSE\r\n\r\n'));
      let received = '';
      socket.on('data', (chunk) => (received += chunk.toString()));
      socket.on('close', () => resolve(received));
      socket.on('error', reject);
    });
    expect(text).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    expect(text).toContain('"code":"REQUEST_INVALID"');
  });
});

describe('failures', () => {
  test('a known error keeps its code, context and remedy', async () => {
    const answer = await call('GET', '/v1/notes/fail/known');
    expect([answer.status, answer.body['code'], answer.body['topic']]).toEqual([404, 'TOPIC_UNKNOWN', 'orders']);
    expect(answer.body['detail']).toBe('topic orders does not exist');
  });

  test('an exception of Nest gets the code that fits', async () => {
    expect((await call('GET', '/v1/notes/fail/nest')).body['code']).toBe('FORBIDDEN');
  });

  test.each(['defect', 'odd'])('a defect (%s) is logged with its cause and told without it', async (how) => {
    const answer = await call('GET', `/v1/notes/fail/${how}`, { headers: { 'x-request-id': `defect-${how}` } });
    expect([answer.status, answer.body['code']]).toEqual([500, 'INTERNAL']);
    expect(JSON.stringify(answer.body)).not.toMatch(/secret_table|db-host|a string/);
    const logged = running.lines.find((line) => line['requestId'] === `defect-${how}` && line['level'] === 'error');
    expect(JSON.stringify(logged?.['error'])).toMatch(/secret_table|a string/);
  });
});

describe('without credentials', () => {
  const status = (headers: Record<string, string>): Promise<number> =>
    new Promise((resolve, reject) => {
      // fetch refuses to send these headers.
      request({ port: running.port, host: '127.0.0.1', path: '/v1/notes/x', headers, agent: false }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      })
        .on('error', reject)
        .end();
    });

  test('everybody on loopback is an admin, but a web page is not the user', async () => {
    expect(await status({ host: `localhost:${running.port}` })).toBe(200);
    expect(await status({ host: 'evil.example' })).toBe(403);
    expect(await status({ origin: 'https://evil.example' })).toBe(403);
    expect(await status({ origin: 'null' })).toBe(403);
    expect(await status({ origin: 'http://localhost:3000' })).toBe(200);
  });
});

describe('operations', () => {
  test('health, readiness and metrics are served, and described', async () => {
    expect((await call('GET', '/health/live')).body).toEqual({ ok: true, checks: [] });
    const remove = running.health.addReadiness({ name: 'db', check: async () => ({ ok: false, detail: 'gone' }) });
    const ready = await call('GET', '/health/ready');
    remove();
    expect([ready.status, ready.body]).toEqual([
      503,
      { ok: false, checks: [{ name: 'db', ok: false, detail: 'gone' }] },
    ]);
    expect((await call('GET', '/health/ready')).status).toBe(200);
    await call('GET', '/v1/notes/x');
    const metrics = (await call('GET', '/metrics')).body as unknown as string;
    expect(metrics).toContain(
      'tidemark_http_request_duration_seconds_count{method="GET",route="/v1/notes/:name",status="200"}',
    );
  });

  test('each request leaves one debug line', async () => {
    await call('POST', '/v1/notes', { body: { name: 'x' }, headers: { 'x-request-id': 'line-1' } });
    const lines = running.lines.filter((line) => line['requestId'] === 'line-1');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({
      level: 'debug',
      message: 'answered request',
      method: 'POST',
      route: '/v1/notes',
      status: 201,
      actor: 'local',
    });
  });
});
