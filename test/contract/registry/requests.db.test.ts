import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  json,
  NONE,
  play,
  proto,
  record,
  recordText,
  refused,
  startTestRegistry,
  type Step,
  subjectNotFound,
  type TestRegistry,
} from './play.ts';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startTestRegistry();
});
afterAll(() => registry.stop());

const V1 = 'application/vnd.schemaregistry.v1+json';

describe('media types', () => {
  test.each([
    V1,
    'application/vnd.schemaregistry+json',
    'application/json',
    'application/json; charset=utf-8',
    'application/octet-stream',
    '',
  ])('a body as %j is taken', async (type) => {
    const headers = type === '' ? new Headers() : new Headers({ 'content-type': type });
    const body = type === '' ? Buffer.from(JSON.stringify(record('T'))) : JSON.stringify(record('T'));
    const reply = await fetch(`${registry.url}/subjects/types/versions/`, { method: 'POST', headers, body });
    expect({ status: reply.status, type: reply.headers.get('content-type') }).toEqual({ status: 200, type: V1 });
  });

  test.each(['text/plain', 'application/xml', 'application/x-www-form-urlencoded'])(
    'a body as %s is 415',
    async (type) => {
      const reply = await registry.ask('POST /subjects/types/versions', record('T'), { 'content-type': type });
      expect(reply).toMatchObject({
        status: 415,
        body: { error_code: 415, message: 'HTTP 415 Unsupported Media Type' },
      });
    },
  );

  test.each([
    ['application/json, text/plain, */*', 200, V1],
    ['application/json', 200, 'application/json'],
    ['application/vnd.schemaregistry+json', 200, 'application/vnd.schemaregistry+json'],
    ['application/json;q=0.1, application/vnd.schemaregistry+json;q=0.9', 200, 'application/vnd.schemaregistry+json'],
    ['*/*', 200, V1],
    ['text/html', 406, V1],
  ])('Accept: %s is %i as %s', async (accept, status, type) => {
    for (const path of ['/subjects', '/schemas/types', '/config']) {
      const reply = await registry.ask(`GET ${path}`, NONE, { accept });
      expect({ status: reply.status, type: reply.headers.get('content-type') }).toEqual({ status, type });
    }
  });

  test('a compressed body is 415', async () => {
    const headers = { 'content-type': V1, 'content-encoding': 'gzip' };
    const body = gzipSync(JSON.stringify(record('T')));
    const reply = await fetch(`${registry.url}/subjects/zipped/versions`, { method: 'POST', headers, body });
    expect([reply.status, await reply.json()]).toEqual([
      415,
      { error_code: 415, message: 'HTTP 415 Unsupported Media Type' },
    ]);
  });
});

describe('routes', () => {
  test('that are none answer in Confluent’s shape', () =>
    play(registry, [
      ['GET /nope', NONE, 404, refused(404, 'HTTP 404 Not Found')],
      ['GET /schemas/ids/abc', NONE, 404, refused(404, 'HTTP 404 Not Found')],
      ['GET /schemas/ids/99999999999', NONE, 404, refused(404, 'HTTP 404 Not Found')],
      ['GET /schemas/ids/2147483647', NONE, 404, refused(40403, 'Schema 2147483647 not found')],
      ['DELETE /subjects', NONE, 405, refused(405, 'HTTP 405 Method Not Allowed')],
      ['PATCH /config', {}, 405, refused(405, 'HTTP 405 Method Not Allowed')],
      [`GET /subjects/${'x'.repeat(20_000)}/versions`, NONE, 413, refused(413, /its URL and headers/)],
      ['GET /subjects/%zz/versions', NONE, 400, { error_code: 400 }],
      ['GET /subjects/%00/versions', NONE, 422, { error_code: 42208 }],
    ]));

  test('answer HEAD like GET without a body, and OPTIONS', async () => {
    expect(await registry.ask('HEAD /subjects')).toMatchObject({ status: 200, body: undefined });
    expect(await registry.ask('HEAD /nope')).toMatchObject({ status: 404, body: undefined });
    expect(await registry.ask('OPTIONS /subjects')).toMatchObject({ status: 204, body: undefined });
  });
});

describe('a body that cannot be meant', () => {
  const at = 'POST /subjects/bad/versions';
  const bad = (body: unknown, status: number, code: number): Step => [at, body, status, { error_code: code }];

  test('is refused, and nothing is stored', () =>
    play(registry, [
      [at, 'null', 422, { error_code: 422 }],
      [at, '', 422, { error_code: 422 }],
      bad('{"schema":', 400, 400),
      bad('[]', 400, 400),
      bad('"x"', 400, 400),
      bad({ schema: { type: 'string' } }, 400, 400),
      bad({ schema: '"string"', schemaType: 'avro' }, 422, 42201),
      bad({ schema: '"string"', schemaType: 7 }, 400, 400),
      bad({ schema: '"string"', references: {} }, 400, 400),
      bad({ schema: '"string"', references: [null] }, 400, 400),
      bad({ schema: '"string"', metadata: [] }, 400, 400),
      bad({ schema: '"string"', metadata: { tags: { a: 'x' } } }, 400, 400),
      bad({ schema: '"string"', ruleSet: { domainRules: {} } }, 400, 400),
      bad({ schema: '"string"', id: 1.5 }, 400, 400),
      bad({ schema: '"string"', id: 99_999_999_999 }, 400, 400),
      bad({ schema: '"string"', version: -5 }, 422, 42201),
      bad('{"schema":"\\"string\\"","__proto__":{}}', 400, 400),
      bad('{"schema":"\\"string\\"","metadata":{"properties":{"a":"\\ud800"}}}', 400, 400),
      bad('{"schema":"\\"string\\"","metadata":{"properties":{"a":"\\u0000"}}}', 400, 400),
      ['PUT /config/bad', '{"alias":"\\udc00"}', 400, { error_code: 400 }],
      ['PUT /mode/bad', [], 400, { error_code: 400 }],
      ['GET /subjects/bad/versions?deleted=true', NONE, 404, subjectNotFound('bad')],
      ['GET /config/bad', NONE, 404, { error_code: 40408 }],
    ]));

  test('because its bytes are not UTF-8, is refused instead of changed', async () => {
    const body = new Uint8Array([
      ...Buffer.from('{"schema":"\\"string\\"","metadata":{"properties":{"a":"'),
      0xff,
      ...Buffer.from('"}}}'),
    ]);
    const reply = await fetch(`${registry.url}/subjects/bytes/versions`, {
      method: 'POST',
      headers: { 'content-type': V1 },
      body,
    });
    expect([reply.status, await reply.json()]).toEqual([400, { error_code: 400, message: 'body: not valid UTF-8' }]);
  });
});

describe('hostile schemas', () => {
  const nested = (open: string, close: string, levels: number) => open.repeat(levels) + close.repeat(levels);

  test('that are too deep, too large or too many steps are refused quickly', async () => {
    const definitions: Record<string, object> = { a0: { type: 'object', properties: { x: { type: 'string' } } } };
    for (let i = 1; i < 40; i++) {
      const below = { $ref: `#/definitions/a${i - 1}` };
      definitions[`a${i}`] = { type: 'object', properties: { l: below, r: below } };
    }
    const exponential = (leaf: string) =>
      json(
        JSON.stringify({
          definitions: { ...definitions, a0: { properties: { x: { type: leaf } } } },
          $ref: '#/definitions/a39',
        }),
      );
    const alternatives = (name: string): string =>
      JSON.stringify({ anyOf: Array.from({ length: 1_000 }, (_, index) => ({ const: `${name}${index}` })) });
    const started = performance.now();
    await play(registry, [
      ['POST /subjects/deep/versions', { schema: nested('[', ']', 100_000) }, 422, refused(42201, /nests deeper than/)],
      [
        'POST /subjects/deep/versions',
        json(nested('{"a":', '}', 20_000).replace('}', '1}')),
        422,
        refused(42201, /nests deeper than/),
      ],
      [
        'POST /subjects/deep/versions',
        proto(`syntax = "proto3"; ${nested('message A {', '}', 5_000)}`),
        422,
        refused(42201, /levels deep/),
      ],
      ['POST /subjects/large/versions', { schema: recordText('x'.repeat(1_100_000)) }, 422, refused(42209, /bytes/)],
      ['POST /subjects/larger/versions', { schema: 'x'.repeat(9_000_000) }, 413, { error_code: 413 }],
      ['POST /subjects/steps/versions', exponential('string'), 200, { version: 1 }],
      ['POST /subjects/steps/versions', exponential('integer'), 409, { error_code: 40901 }],
      ['POST /subjects/union/versions', json(alternatives('a')), 200, { version: 1 }],
      ['POST /subjects/union/versions', json(alternatives('b')), 422, refused(42201, /too many steps/)],
      [
        'POST /subjects/redos/versions',
        json('{"patternProperties":{"^(a+)+$":{}},"additionalProperties":false}'),
        200,
        { version: 1 },
      ],
      [
        'POST /subjects/redos/versions',
        json(
          `{"patternProperties":{"^(a+)+$":{}},"additionalProperties":false,"properties":{"${'a'.repeat(60)}!":{}}}`,
        ),
        200,
        { version: 2 },
      ],
    ]);
    expect(performance.now() - started).toBeLessThan(20_000);
  });

  test('with the names of JavaScript’s own properties are like any other', () =>
    play(registry, [
      [
        'POST /subjects/js/versions',
        json('{"properties":{"__proto__":{"type":"string"},"constructor":{},"toString":{}}}'),
        200,
        { schema: '{"properties":{"__proto__":{"type":"string"},"constructor":{},"toString":{}}}' },
      ],
      [
        'POST /subjects/js-avro/versions',
        {
          schema:
            '{"type":"record","name":"__proto__","fields":[{"name":"constructor","type":["null","__proto__"],"default":null}]}',
        },
        200,
        { version: 1 },
      ],
      [
        'POST /subjects/js-proto/versions',
        proto('syntax = "proto3"; message constructor { constructor __proto__ = 1; }'),
        200,
        { version: 1 },
      ],
      [
        'POST /subjects/js-meta/versions',
        { ...record('J'), metadata: { properties: { constructor: 'x', toString: 'y' } } },
        200,
        { metadata: { properties: { constructor: 'x', toString: 'y' } } },
      ],
    ]));
});

test('the same schema sent many times at once has one id and one version', async () => {
  const replies = await Promise.all(
    Array.from({ length: 40 }, (_, index) => registry.ask(`POST /subjects/race-${index % 4}/versions`, record('Race'))),
  );
  const answers = new Set(
    replies.map(({ status, body }) =>
      JSON.stringify([status, (body as { id: number }).id, (body as { version: number }).version]),
    ),
  );
  expect(answers.size).toBe(1);
});
