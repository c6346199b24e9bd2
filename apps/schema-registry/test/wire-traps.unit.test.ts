import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type HttpOnly, startHttpOnly, V1 } from './http-only.ts';

let http: HttpOnly;
beforeAll(async () => {
  http = await startHttpOnly();
});
afterAll(() => http.stop());

const SCHEMA = '{"schema":"\\"string\\""}';

/** A request exactly as given: fetch would add headers of its own. */
function raw(
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: string,
): Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; text: string }> {
  return new Promise((resolve, reject) => {
    const length = body === undefined ? undefined : { 'content-length': String(Buffer.byteLength(body)) };
    const sent = request(http.url + path, { method, headers: { ...length, ...headers } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode!,
          headers: response.headers,
          text: Buffer.concat(chunks).toString(),
        }),
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

describe('bodies', () => {
  test.each([
    [V1],
    ['application/vnd.schemaregistry+json'],
    ['application/json'],
    ['application/json; charset=utf-8'],
    ['application/octet-stream'],
    ['APPLICATION/JSON'],
    [undefined],
  ])('of the media type %s are JSON', async (type) => {
    const headers: Record<string, string> = type === undefined ? {} : { 'content-type': type };
    const answer = await raw('POST', '/subjects/s/versions', headers, SCHEMA);
    expect(answer.status).toBe(200);
    expect(http.recording.last?.input[1]).toEqual({ schema: '"string"' });
  });

  test.each([['text/plain'], ['application/x-www-form-urlencoded'], ['application/xml'], ['nonsense']])(
    'of the media type %s are 415',
    async (type) => {
      const answer = await raw('POST', '/subjects/s/versions', { 'content-type': type }, SCHEMA);
      expect([answer.status, JSON.parse(answer.text)]).toEqual([
        415,
        { error_code: 415, message: 'HTTP 415 Unsupported Media Type' },
      ]);
    },
  );

  test('may have unknown fields, and nulls where nothing is meant', async () => {
    const body = {
      schema: '"string"',
      schemaType: null,
      references: null,
      metadata: null,
      ruleSet: null,
      id: null,
      version: null,
      somethingNew: { a: [1] },
      references2: [],
    };
    expect((await http.call('POST', '/subjects/s/versions', { body })).status).toBe(200);
    expect(http.recording.last?.input[1]).toEqual({
      schema: '"string"',
      schemaType: null,
      references: null,
      metadata: null,
      ruleSet: null,
      id: null,
      version: null,
    });
  });

  test('keep the text of the schema as it is', async () => {
    const schema = '{"10":1,"9":2,"b":1.0,"c":9223372036854775807,"ü":"\\u00fc","d": 1e400}';
    await http.call('POST', '/subjects/s/versions', { body: { schema, schemaType: 'JSON' } });
    expect(http.recording.last?.input[1]).toEqual({ schema, schemaType: 'JSON' });
  });

  test('carry metadata, rules and references as typed values, numbers among the texts included', async () => {
    const body = {
      schema: '"string"',
      references: [{ name: 'a', subject: 'b', version: '2', extra: 1 }],
      metadata: { properties: { major: 1, on: true, name: 'x' }, tags: { '**.ssn': ['PII'] }, sensitive: ['name'] },
      ruleSet: {
        domainRules: [
          { name: 'r', kind: 'CONDITION', mode: 'WRITE', type: 'CEL', expr: 'x', doc: null, params: { n: 3 } },
        ],
        migrationRules: null,
      },
    };
    await http.call('POST', '/subjects/s/versions', { body });
    expect(http.recording.last?.input[1]).toEqual({
      schema: '"string"',
      references: [{ name: 'a', subject: 'b', version: 2 }],
      metadata: {
        properties: { major: '1', on: 'true', name: 'x' },
        tags: { '**.ssn': ['PII'] },
        sensitive: ['name'],
      },
      ruleSet: {
        domainRules: [{ name: 'r', kind: 'CONDITION', mode: 'WRITE', type: 'CEL', expr: 'x', params: { n: '3' } }],
      },
    });
  });

  test('with requests that need none are ignored', async () => {
    expect(await raw('DELETE', '/config/s', { 'content-type': V1 }, '{"a":1}')).toMatchObject({ status: 200 });
    expect((await raw('DELETE', '/config/s', { 'content-type': V1 }, '')).status).toBe(200);
  });
});

describe('answers', () => {
  test.each([
    [undefined, V1],
    ['', V1],
    ['*/*', V1],
    ['application/json', 'application/json'],
    ['application/json, text/plain, */*', V1],
    ['application/vnd.schemaregistry+json; q=0.9, application/json; q=0.5', 'application/vnd.schemaregistry+json'],
    ['text/html, application/json;q=0.1', 'application/json'],
    ['application/*;q=0.2, application/json', 'application/json'],
    ['application/vnd.schemaregistry.v1+json;q=0, application/*', 'application/vnd.schemaregistry+json'],
  ])('to Accept: %s are %s', async (accept, type) => {
    const headers: Record<string, string> = accept === undefined ? {} : { accept };
    const answer = await raw('GET', '/subjects', headers);
    expect([answer.status, answer.headers['content-type']]).toEqual([200, type]);
    // Errors follow the same choice.
    const error = await raw('GET', '/nothing', headers);
    expect([error.status, error.headers['content-type']]).toEqual([404, type]);
  });

  test('to an Accept that allows none of them are 406', async () => {
    const answer = await raw('GET', '/subjects', { accept: 'text/html' });
    expect([answer.status, answer.headers['content-type'], JSON.parse(answer.text)]).toEqual([
      406,
      V1,
      { error_code: 406, message: 'HTTP 406 Not Acceptable' },
    ]);
  });

  test('to POST are 200, and nothing is 201', async () => {
    for (const path of ['/subjects/s', '/subjects/s/versions', '/compatibility/subjects/s/versions']) {
      expect((await raw('POST', path, {}, SCHEMA)).status).toBe(200);
    }
    expect((await raw('POST', '/')).text).toBe('{}');
  });

  test('to HEAD have the headers of GET and no body', async () => {
    const answer = await raw('HEAD', '/subjects');
    expect([answer.status, answer.headers['content-type'], answer.text]).toEqual([200, V1, '']);
  });

  test('to OPTIONS list the methods of the path', async () => {
    const answer = await raw('OPTIONS', '/subjects/s/versions');
    expect([answer.status, answer.headers['allow'], answer.text]).toEqual([204, 'GET, HEAD, POST', '']);
    expect((await raw('OPTIONS', '/nothing')).status).toBe(404);
  });
});

describe('paths', () => {
  test.each([['/subjects/'], ['/subjects/s/versions/'], ['/subjects/s/versions/1/'], ['/config/'], ['/mode/s/']])(
    '%s is the path without its trailing slash',
    async (path) => {
      expect((await raw('GET', path)).status).toBe(200);
    },
  );

  test.each([
    ['a%2Fb', 'a/b'],
    ['a%20b%2F%C3%BC', 'a b/ü'],
    ['a+b', 'a+b'],
    ['%F0%9F%9A%80', '🚀'],
    ['a%3Fb%23c%25', 'a?b#c%'],
    [':.ctx:s', ':.ctx:s'],
    ['%3A.ctx%3As', ':.ctx:s'],
    ['%E6%97%A5'.repeat(300), '日'.repeat(300)],
  ])('the subject %s arrives as %s', async (sent, subject) => {
    expect((await raw('GET', `/subjects/${sent}/versions/1`)).status).toBe(200);
    expect(http.recording.last?.input[0]).toBe(subject);
  });

  test('the empty subject is one', async () => {
    expect((await raw('GET', '/subjects//versions')).status).toBe(200);
    expect(http.recording.last?.input[0]).toBe(':.:');
    await raw('POST', '/compatibility/subjects//versions/1', {}, SCHEMA);
    expect(http.recording.last?.input[0]).toBe(':.:');
  });

  test('a parameter that is repeated where one is meant counts once', async () => {
    await raw('GET', '/subjects?subjectPrefix=a&subjectPrefix=b&deleted=false&deleted=true');
    expect(http.recording.last?.input[0]).toMatchObject({ prefix: 'a', deleted: 'exclude' });
  });
});
