import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type HttpOnly, openApiChecker, startHttpOnly, V1 } from './http-only.ts';

let http: HttpOnly;
let check: Awaited<ReturnType<typeof openApiChecker>>;

beforeAll(async () => {
  http = await startHttpOnly();
  check = await openApiChecker(http.url);
});
afterAll(() => http.stop());

const BY = { actor: 'local', requestId: 'r-1' };
const SCHEMA = { schema: '"string"' };
const ALL = { offset: 0, limit: -1 };
const READ = { format: '', referenceFormat: '', deleted: false, findTags: [] };
const BY_ID = { subject: undefined, format: '', referenceFormat: '', findTags: [], fetchMaxId: false };
const LISTED = {
  prefix: '',
  deleted: false,
  latestOnly: false,
  aliases: false,
  ruleType: '',
  resourceType: '',
  associationTypes: [],
  lifecycles: [] as string[],
  offset: 0,
  limit: 1_000,
};
const FULL = {
  subject: 's',
  version: 1,
  id: 7,
  guid: '0b4ce2ba-9f2c-4a5f-8b9c-2f0f6f8d0b11',
  schemaType: 'AVRO',
  schema: '"string"',
  ts: 1_700_000_000_000,
  deleted: false,
};
const { subject: _subject, version: _version, id: _id, ...BY_ID_VIEW } = FULL;
const { subject: _s, ...REGISTERED } = FULL;

interface Case {
  readonly request: string;
  readonly body?: unknown;
  readonly method: string;
  readonly input: readonly unknown[];
  readonly answer: unknown;
  readonly status?: number;
}

const cases: Case[] = [
  {
    request: 'GET /subjects',
    method: 'listSubjects',
    input: [{ prefix: ':*:', deleted: 'exclude', ...ALL }],
    answer: ['s'],
  },
  {
    request: 'GET /subjects?subjectPrefix=%3A*%3A&deleted=true&offset=2&limit=3',
    method: 'listSubjects',
    input: [{ prefix: ':*:', deleted: 'include', offset: 2, limit: 3 }],
    answer: ['s'],
  },
  {
    request: 'GET /subjects?deleted=true&deletedOnly=TRUE',
    method: 'listSubjects',
    input: [{ prefix: ':*:', deleted: 'only', ...ALL }],
    answer: ['s'],
  },
  {
    request: 'POST /subjects/s?normalize=true&deleted=true',
    body: SCHEMA,
    method: 'lookUp',
    input: ['s', SCHEMA, { normalize: true, format: '', deleted: true }],
    answer: FULL,
  },
  {
    request: 'DELETE /subjects/s',
    method: 'deleteSubject',
    input: ['s', { permanent: false }, BY],
    answer: [1],
  },
  {
    request: 'DELETE /subjects/s?permanent=true',
    method: 'deleteSubject',
    input: ['s', { permanent: true }, BY],
    answer: [1],
  },
  {
    request: 'GET /subjects/s/metadata?key=a&value=1&key=b&value=2',
    method: 'getLatestWithMetadata',
    input: ['s', { a: '1', b: '2' }, { format: '', deleted: false }],
    answer: FULL,
  },
  {
    request: 'GET /subjects/s/versions?deletedAsNegative=true',
    method: 'listVersions',
    input: ['s', { deleted: 'exclude', deletedAsNegative: true, ...ALL }],
    answer: [1],
  },
  {
    request: 'POST /subjects/s/versions?normalize=true&force=true&format=resolved',
    body: SCHEMA,
    method: 'register',
    input: ['s', SCHEMA, { normalize: true, format: 'resolved', force: true }, BY],
    answer: REGISTERED,
  },
  { request: 'GET /subjects/s/versions/1', method: 'getVersion', input: ['s', 1, READ], answer: FULL },
  { request: 'GET /subjects/s/versions/LATEST', method: 'getVersion', input: ['s', 'latest', READ], answer: FULL },
  { request: 'GET /subjects/s/versions/-1', method: 'getVersion', input: ['s', 'latest', READ], answer: FULL },
  {
    request: 'GET /subjects/s/versions/2147483647?deleted=true&findTags=a&findTags=b&referenceFormat=qualified',
    method: 'getVersion',
    input: ['s', 2_147_483_647, { format: '', referenceFormat: 'qualified', deleted: true, findTags: ['a', 'b'] }],
    answer: FULL,
  },
  { request: 'GET /subjects/s/versions/1/schema', method: 'getVersion', input: ['s', 1, READ], answer: 'string' },
  {
    request: 'GET /subjects/s/versions/1/referencedby',
    method: 'listReferencedBy',
    input: ['s', 1, { deleted: false, ...ALL }],
    answer: [7],
  },
  {
    request: 'DELETE /subjects/s/versions/latest',
    method: 'deleteVersion',
    input: ['s', 'latest', { permanent: false }, BY],
    answer: 1,
  },
  {
    request: 'POST /subjects/s/versions/1/tags',
    body: { tagsToAdd: [{ schemaEntity: { entityPath: 'a.b', entityType: 'sr_field' }, tags: ['PII'] }] },
    method: 'changeTags',
    input: [
      's',
      1,
      { tagsToAdd: [{ schemaEntity: { entityPath: 'a.b', entityType: 'sr_field' }, tags: ['PII'] }] },
      BY,
    ],
    answer: REGISTERED,
  },
  { request: 'GET /schemas', method: 'listSchemas', input: [LISTED], answer: [FULL] },
  {
    request: 'GET /schemas?subjectPrefix=a&latestOnly=true&limit=5000&associationType=key&lifecycle=STRONG',
    method: 'listSchemas',
    input: [{ ...LISTED, prefix: 'a', latestOnly: true, associationTypes: ['key'], lifecycles: ['STRONG'] }],
    answer: [FULL],
  },
  { request: 'GET /schemas/ids/7', method: 'getById', input: [7, BY_ID], answer: BY_ID_VIEW },
  {
    request: 'GET /schemas/ids/7?subject=&fetchMaxId=true',
    method: 'getById',
    input: [7, { ...BY_ID, subject: '', fetchMaxId: true }],
    answer: BY_ID_VIEW,
  },
  { request: 'GET /schemas/ids/7/schema', method: 'getById', input: [7, BY_ID], answer: 'string' },
  {
    request: 'GET /schemas/ids/7/subjects?deleted=true',
    method: 'listSubjectsOfId',
    input: [7, { subject: '', deleted: true, ...ALL }],
    answer: ['s'],
  },
  {
    request: 'GET /schemas/ids/7/versions',
    method: 'listVersionsOfId',
    input: [7, { subject: '', deleted: false, ...ALL }],
    answer: [{ subject: 's', version: 1 }],
  },
  {
    request: `GET /schemas/guids/${FULL.guid}`,
    method: 'getByGuid',
    input: [FULL.guid, { format: '' }],
    answer: BY_ID_VIEW,
  },
  {
    request: `GET /schemas/guids/${FULL.guid}/ids`,
    method: 'listIdsOfGuid',
    input: [FULL.guid],
    answer: [{ context: '.', id: 7 }],
  },
  {
    request: 'POST /compatibility/subjects/s/versions/latest',
    body: SCHEMA,
    method: 'checkCompatibility',
    input: ['s', 'latest', SCHEMA, { normalize: false, verbose: false }],
    answer: { is_compatible: true },
  },
  {
    request: 'POST /compatibility/subjects/s/versions/?verbose=true',
    body: SCHEMA,
    method: 'checkCompatibility',
    input: ['s', undefined, SCHEMA, { normalize: false, verbose: true }],
    answer: { is_compatible: true },
  },
  {
    request: 'POST /v1/compatibility/explain?subject=s&version=3',
    body: SCHEMA,
    method: 'checkCompatibility',
    input: ['s', 3, SCHEMA, { normalize: false, verbose: true }],
    answer: { is_compatible: true, messages: [], differences: [] },
  },
  {
    request: 'POST /v1/plan',
    body: {
      items: [{ subject: 's', schema: '"string"', references: [{ name: 'n', subject: 't', version: 'latest' }] }],
    },
    method: 'plan',
    input: [
      {
        items: [{ subject: 's', schema: '"string"', references: [{ name: 'n', subject: 't', version: 'latest' }] }],
        configs: [],
        normalize: false,
      },
      BY,
    ],
    answer: { applied: false, items: [], configs: [] },
  },
  {
    request: 'POST /v1/apply',
    body: { items: [], configs: [{ subject: 's', config: { compatibility: 'FULL', alias: null } }], normalize: true },
    method: 'applyPlan',
    input: [
      {
        items: [],
        configs: [{ subject: 's', config: { compatibilityLevel: 'FULL', alias: null } }],
        normalize: true,
      },
      BY,
    ],
    answer: { applied: true, items: [], configs: [] },
  },
  {
    request: 'GET /config',
    method: 'getConfig',
    input: [undefined, { defaultToGlobal: false }],
    answer: { compatibilityLevel: 'BACKWARD' },
  },
  {
    request: 'GET /config/s?defaultToGlobal=true',
    method: 'getConfig',
    input: ['s', { defaultToGlobal: true }],
    answer: { compatibilityLevel: 'BACKWARD' },
  },
  {
    request: 'PUT /config',
    body: { compatibility: 'FULL', alias: null },
    method: 'putConfig',
    input: [undefined, { compatibilityLevel: 'FULL', alias: null }, BY],
    answer: { compatibility: 'FULL' },
  },
  {
    request: 'PUT /config/s',
    body: { compatibility: null, normalize: true },
    method: 'putConfig',
    input: ['s', { compatibilityLevel: null, normalize: true }, BY],
    answer: { normalize: true },
  },
  {
    request: 'DELETE /config',
    method: 'deleteConfig',
    input: [undefined, BY],
    answer: { compatibilityLevel: 'FULL' },
  },
  { request: 'DELETE /config/s', method: 'deleteConfig', input: ['s', BY], answer: { compatibilityLevel: 'FULL' } },
  {
    request: 'GET /mode',
    method: 'getMode',
    input: [undefined, { defaultToGlobal: false }],
    answer: { mode: 'READWRITE' },
  },
  {
    request: 'GET /mode/s?defaultToGlobal=true',
    method: 'getMode',
    input: ['s', { defaultToGlobal: true }],
    answer: { mode: 'READWRITE' },
  },
  {
    request: 'PUT /mode?force=true',
    body: { mode: 'readonly' },
    method: 'putMode',
    input: [undefined, 'readonly', { force: true }, BY],
    answer: { mode: 'readonly' },
  },
  {
    request: 'PUT /mode/s',
    body: { mode: 'IMPORT' },
    method: 'putMode',
    input: ['s', 'IMPORT', { force: false }, BY],
    answer: { mode: 'IMPORT' },
  },
  {
    request: 'DELETE /mode?recursive=true',
    method: 'deleteMode',
    input: [undefined, { recursive: true }, BY],
    answer: { mode: 'READONLY' },
  },
  {
    request: 'DELETE /mode/s',
    method: 'deleteMode',
    input: ['s', { recursive: false }, BY],
    answer: { mode: 'READONLY' },
  },
  {
    request: 'GET /contexts?contextPrefix=.a',
    method: 'listContexts',
    input: [{ prefix: '.a', ...ALL }],
    answer: ['.'],
  },
  { request: 'DELETE /contexts/a', method: 'deleteContext', input: ['.a', BY], status: 204, answer: undefined },
];

test.each(cases)('$request asks the registry for $method and answers its result', async (wanted) => {
  const [method, path] = wanted.request.split(' ') as [string, string];
  const answer = await http.call(method, path, { body: wanted.body, headers: { 'x-request-id': 'r-1' } });
  expect(answer.json).toEqual(wanted.answer);
  expect(answer.status).toBe(wanted.status ?? 200);
  expect(http.recording.last).toEqual({ method: wanted.method, input: wanted.input });
  const contentType = answer.headers.get('content-type');
  expect(contentType).toBe(answer.status === 204 ? null : V1);
  const body = path.includes('/schema') && path.endsWith('/schema') ? answer.text : answer.json;
  expect(check({ method, path: path.replace(/\/$|\/(?=\?)/, ''), status: answer.status, contentType, body })).toEqual(
    [],
  );
});
