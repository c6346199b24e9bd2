import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { RegistryError } from '#libs/stores/schemas';
import { type HttpOnly, openApiChecker, startHttpOnly } from './http-only.ts';
import { ASSOCIATION, VERSION_1 } from './recording-registry.ts';

let http: HttpOnly;
let check: Awaited<ReturnType<typeof openApiChecker>>;
beforeAll(async () => {
  http = await startHttpOnly();
  check = await openApiChecker(http.url);
});
afterAll(() => http.stop());

const BY = { actor: 'local', requestId: 'r-1' };
const TOPIC = { resourceType: 'topic', associationTypes: [], lifecycle: '' };
const SHOWN = { subject: 's', associationType: 'value', lifecycle: 'WEAK', frozen: false };
const RESPONSE = {
  resourceName: 't',
  resourceNamespace: 'n',
  resourceId: 'i',
  resourceType: 'topic',
  associations: [SHOWN],
};
const OP = { subject: 's', associationType: 'value', lifecycle: 'WEAK' };
const RESOURCE = { resourceName: 't', resourceNamespace: 'n', resourceId: 'i' };

async function ask(request: string, body?: unknown) {
  const [method, path] = request.split(' ') as [string, string];
  const answer = await http.call(method, path, { body, headers: { 'x-request-id': 'r-1' } });
  const contentType = answer.headers.get('content-type');
  expect(check({ method, path, status: answer.status, contentType, body: answer.json })).toEqual([]);
  return answer;
}

test.each<[string, unknown, string, unknown[], number, unknown]>([
  ['GET /associations/subjects/s', undefined, 'listBySubject', ['s', TOPIC], 200, [ASSOCIATION]],
  [
    'GET /associations/resources/-/t?resourceType=topic&associationType=value',
    undefined,
    'listByName',
    ['-', 't', { ...TOPIC, associationTypes: ['value'] }],
    200,
    [],
  ],
  [
    'GET /associations/resources/i?lifecycle=WEAK&limit=1',
    undefined,
    'listByResource',
    ['i', { ...TOPIC, lifecycle: 'WEAK' }],
    200,
    [ASSOCIATION],
  ],
  ['GET /associations/resources/i?offset=1', undefined, 'listByResource', ['i', TOPIC], 200, []],
  [
    'POST /associations?dryRun=true',
    { ...RESOURCE, associations: [OP] },
    'change',
    [{ ...RESOURCE, associations: [{ op: 'CREATE', ...OP }] }, { context: '', dryRun: true }, BY],
    200,
    RESPONSE,
  ],
  [
    'PUT /associations/resources/i',
    { ...RESOURCE, resourceId: undefined, associations: [OP] },
    'change',
    [{ ...RESOURCE, associations: [{ op: 'UPSERT', ...OP }] }, { context: '', dryRun: false }, BY],
    200,
    RESPONSE,
  ],
  [
    'DELETE /associations/resources/i?associationType=key&cascadeLifecycle=true',
    undefined,
    'remove',
    ['i', { resourceType: 'topic', associationTypes: ['key'], cascade: true, dryRun: false }, BY],
    204,
    undefined,
  ],
])('%s', async (request, body, method, input, status, wanted) => {
  const answer = await ask(request, body);
  expect([answer.status, answer.json]).toEqual([status, wanted]);
  expect(http.recording.last).toEqual({ method, input });
});

test('below a context the context is that of the request', async () => {
  await http.call('POST', '/contexts/a/associations', { body: { ...RESOURCE, associations: [OP] } });
  expect(http.recording.last?.input[1]).toEqual({ context: ':.a:', dryRun: false });
});

test('an id in the body that is not that of the path is 42212', async () => {
  const before = http.recording.calls.length;
  const answer = await ask('PUT /associations/resources/j', { ...RESOURCE, associations: [OP] });
  expect([answer.status, answer.json]).toMatchObject([422, { error_code: 42212 }]);
  expect(http.recording.calls).toHaveLength(before);
});

describe('a batch', () => {
  test('of changes is 207 and tells each result in its place', async () => {
    http.recording.answer('change', (request: { resourceId: string }) => {
      if (request.resourceId === 'bad') throw new RegistryError(40903, 'there already');
      if (request.resourceId === 'broken') throw new Error('secret');
      return RESPONSE;
    });
    const requests = ['i', 'bad', 'broken'].map((resourceId) => ({
      ...RESOURCE,
      resourceId,
      associations: [{ opType: 'UPSERT', ...OP }, { opType: 'delete' }],
    }));
    const answer = await ask('POST /associations:batchMutate', { requests });
    expect([answer.status, answer.json]).toEqual([
      207,
      {
        results: [
          { result: RESPONSE },
          { error: { error_code: 40903, message: 'there already' } },
          { error: { error_code: 500, message: 'An unexpected error ended the request.' } },
        ],
      },
    ]);
    expect(http.recording.last?.input[0]).toEqual({
      ...RESOURCE,
      resourceId: 'broken',
      associations: [{ op: 'UPSERT', ...OP }, { op: 'DELETE' }],
    });
  });

  test('of reads is 207, by id or name, with schemas when asked for', async () => {
    const requests = [{ resourceId: 'i' }, { resourceName: 'other', resourceNamespace: 'n', lifecycle: 'STRONG' }];
    const answer = await ask('POST /associations:batchGet?includeSchemas=true', { requests });
    expect(answer.status).toBe(207);
    expect(answer.json).toEqual({
      results: [
        { result: { ...RESPONSE, associations: [{ ...SHOWN, schema: schemaOf(VERSION_1) }] } },
        { result: { resourceName: 'other', resourceNamespace: 'n', resourceType: 'topic' } },
      ],
    });
    expect((await ask('POST /associations:batchGet', { requests: [{ resourceId: 'i' }] })).json).toEqual({
      results: [{ result: RESPONSE }],
    });
  });

  test.each([['batchGet'], ['batchMutate']])('%s without requests, or with too many, is 42212', async (name) => {
    for (const requests of [undefined, null, [], Array.from({ length: 1_001 }, () => ({ resourceId: 'i' }))]) {
      const answer = await ask(`POST /associations:${name}`, { requests });
      expect([answer.status, answer.json]).toMatchObject([422, { error_code: 42212 }]);
    }
  });
});

function schemaOf({ references: _references, metadata: _metadata, ruleSet: _ruleSet, ...schema }: typeof VERSION_1) {
  return schema;
}
