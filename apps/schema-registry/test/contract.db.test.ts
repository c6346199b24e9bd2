import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startTestRegistry, type TestRegistry } from './running-registry.ts';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startTestRegistry();
});
afterAll(() => registry.stop());

/** Steps of one story: what is asked, and what is answered. An error is named by its code. */
type Step = readonly [request: string, body: unknown, status: number, answer: unknown];

async function play(steps: readonly Step[]): Promise<void> {
  for (const [request, body, status, answer] of steps) {
    const reply = await registry.ask(request, body);
    const wanted = typeof answer === 'number' && status >= 400 ? { error_code: answer } : answer;
    const seen = { request, status: reply.status, body: reply.body };
    if (wanted !== null && typeof wanted === 'object' && !Array.isArray(wanted)) {
      expect(seen).toMatchObject({ request, status, body: wanted });
    } else expect(seen).toEqual({ request, status, body: wanted });
  }
}

const avro = (...fields: object[]) => ({ schema: JSON.stringify({ type: 'record', name: 'Order', fields }) });
const ID = { name: 'id', type: 'long' };
const NOTE = { name: 'note', type: 'string', default: '' };
const MUST = { name: 'must', type: 'string' };
const proto = (body: string) => ({ schemaType: 'PROTOBUF', schema: `syntax = "proto3";\nmessage Order { ${body} }` });
const json = (schema: object) => ({ schemaType: 'JSON', schema: JSON.stringify(schema) });

describe('a subject', () => {
  test('is registered, evolved, looked up, deleted softly and for good', () =>
    play([
      ['GET /subjects/a/versions', undefined, 404, 40401],
      ['POST /subjects/a', avro(ID), 404, 40401],
      ['POST /subjects/a/versions', avro(ID), 200, { version: 1 }],
      ['POST /subjects/a/versions', avro(ID), 200, { version: 1 }],
      ['POST /subjects/a/versions', avro(ID, NOTE), 200, { version: 2, schemaType: 'AVRO', deleted: false }],
      ['POST /subjects/a/versions', avro(ID, MUST), 409, 40901],
      ['POST /subjects/a/versions', { schema: '{"type":' }, 422, 42201],
      ['POST /subjects/nothing/versions', {}, 422, 42201],
      ['POST /subjects/a/versions', { schemaType: 'XML', schema: '<a/>' }, 422, 42201],
      ['GET /subjects/a/versions', undefined, 200, [1, 2]],
      ['GET /subjects/a/versions/latest', undefined, 200, { subject: 'a', version: 2 }],
      ['GET /subjects/a/versions/3', undefined, 404, 40402],
      ['GET /subjects/a/versions/0', undefined, 422, 42202],
      ['POST /subjects/a', avro(ID, NOTE), 200, { subject: 'a', version: 2 }],
      ['POST /subjects/a', avro(MUST), 404, 40403],
      ['DELETE /subjects/a/versions/1?permanent=true', undefined, 404, 40407],
      ['DELETE /subjects/a/versions/1', undefined, 200, 1],
      ['DELETE /subjects/a/versions/1', undefined, 404, 40406],
      ['GET /subjects/a/versions?deletedAsNegative=true', undefined, 200, [-1, 2]],
      ['GET /subjects/a/versions?deletedOnly=true', undefined, 200, [1]],
      ['DELETE /subjects/a?permanent=true', undefined, 404, 40405],
      ['DELETE /subjects/a', undefined, 200, [2]],
      ['DELETE /subjects/a', undefined, 404, 40404],
      ['GET /subjects?deletedOnly=true&subjectPrefix=a', undefined, 200, ['a']],
      ['DELETE /subjects/a?permanent=true', undefined, 200, [1, 2]],
      ['GET /subjects?deleted=true&subjectPrefix=a', undefined, 200, []],
    ]));

  test.each([
    ['AVRO', avro(ID), avro(ID, NOTE), avro(ID, MUST)],
    ['PROTOBUF', proto('int64 id = 1;'), proto('int64 id = 1; string note = 2;'), proto('string id = 1;')],
    [
      'JSON',
      json({ type: 'object', properties: { id: { type: 'integer' } }, additionalProperties: false }),
      json({
        type: 'object',
        properties: { id: { type: 'integer' }, note: { type: 'string' } },
        additionalProperties: false,
      }),
      json({ type: 'object', properties: { id: { type: 'string' } }, additionalProperties: false }),
    ],
  ])('of %s takes what is compatible and refuses what is not, with reasons', async (type, first, good, bad) => {
    const at = `/subjects/evolve-${type}/versions`;
    const check = `POST /compatibility${at}`;
    await play([
      [`${check}/latest`, first, 200, { is_compatible: true }],
      [`POST ${at}`, first, 200, { version: 1, schemaType: type }],
      [`${check}/latest`, good, 200, { is_compatible: true }],
      [check, bad, 200, { is_compatible: false }],
      [`POST ${at}`, good, 200, { version: 2 }],
      [`POST ${at}`, bad, 409, 40901],
      [`${check}/9`, good, 404, 40402],
    ]);
    const verbose = await registry.ask(`${check}/1?verbose=true`, bad);
    expect((verbose.body as { messages: string[] }).messages.join('\n')).toContain('oldSchemaVersion: 1');
    const explained = await registry.ask(`POST /v1/compatibility/explain?subject=evolve-${type}`, bad);
    expect(explained.body).toMatchObject({
      is_compatible: false,
      differences: expect.arrayContaining([
        expect.objectContaining({ version: 2, type: expect.any(String), fix: expect.stringMatching(/.{5}/) }),
      ]),
    });
  });
});

describe('schemas', () => {
  test('are read by id and guid, as objects and texts, with their uses', async () => {
    const registered = await registry.ask('POST /subjects/reads/versions', avro(ID, { name: 'r', type: 'int' }));
    const { id, guid, schema } = registered.body as { id: number; guid: string; schema: string };
    const shown = { guid, schemaType: 'AVRO', schema, deleted: false };
    await play([
      [`GET /schemas/ids/${id}`, undefined, 200, shown],
      [`GET /schemas/ids/${id}?subject=reads`, undefined, 200, { ...shown, subject: 'reads', version: 1 }],
      [`GET /schemas/ids/${id}?fetchMaxId=true`, undefined, 200, { maxId: expect.any(Number) }],
      [`GET /schemas/ids/${id}/schema`, undefined, 200, JSON.parse(schema)],
      [`GET /schemas/ids/${id}/subjects`, undefined, 200, ['reads']],
      [`GET /schemas/ids/${id}/versions`, undefined, 200, [{ subject: 'reads', version: 1 }]],
      [`GET /schemas/guids/${guid}`, undefined, 200, shown],
      [`GET /schemas/guids/${guid}/ids`, undefined, 200, [{ context: '.', id }]],
      ['GET /schemas/ids/999999', undefined, 404, 40403],
      ['GET /schemas/guids/nonsense', undefined, 404, 40403],
      ['GET /schemas/ids/abc', undefined, 404, 404],
    ]);
    expect((await registry.ask('GET /schemas/types')).body).toEqual(['AVRO', 'JSON', 'PROTOBUF']);
    const listed = await registry.ask('GET /schemas?subjectPrefix=reads');
    expect(listed.body).toEqual([expect.objectContaining({ subject: 'reads', id, guid, schema })]);
  });

  test('refer to others, which are kept until nothing refers to them', () =>
    play([
      ['POST /subjects/item/versions', { schema: '{"type":"record","name":"Item","fields":[]}' }, 200, { version: 1 }],
      [
        'POST /subjects/cart/versions',
        {
          schema: '{"type":"record","name":"Cart","fields":[{"name":"item","type":"Item"}]}',
          references: [{ name: 'Item', subject: 'item', version: -1 }],
        },
        200,
        { version: 1, references: [{ name: 'Item', subject: 'item', version: 1 }] },
      ],
      [
        'POST /subjects/cart/versions',
        { schema: '"string"', references: [{ name: 'X', subject: 'none', version: 1 }] },
        422,
        42201,
      ],
      ['GET /subjects/item/versions/1/referencedby', undefined, 200, [expect.any(Number)]],
      ['DELETE /subjects/item', undefined, 422, 42206],
      ['DELETE /subjects/cart', undefined, 200, [1]],
      ['DELETE /subjects/item', undefined, 200, [1]],
      ['DELETE /subjects/item?permanent=true', undefined, 422, 42206],
    ]));

  test('carry metadata and rules, by which the latest one is found', () =>
    play([
      [
        'POST /subjects/meta/versions',
        { ...avro(ID), metadata: { properties: { major: 1 } }, ruleSet: null },
        200,
        { metadata: { properties: { major: '1' } } },
      ],
      ['GET /subjects/meta/metadata?key=major&value=1', undefined, 200, { version: 1 }],
      ['GET /subjects/meta/metadata?key=major&value=2', undefined, 404, 40403],
      [
        'POST /subjects/meta/versions',
        { ...avro(ID), ruleSet: { domainRules: [{ name: '1bad', type: 'CEL', mode: 'WRITE', kind: 'CONDITION' }] } },
        422,
        42210,
      ],
    ]));
});

describe('config and mode', () => {
  test('are read, written, inherited and cleared', () =>
    play([
      ['GET /config', undefined, 200, { compatibilityLevel: 'BACKWARD' }],
      ['GET /config/c', undefined, 404, 40408],
      ['GET /config/c?defaultToGlobal=true', undefined, 200, { compatibilityLevel: 'BACKWARD' }],
      ['PUT /config/c', { compatibility: 'sideways' }, 422, 42203],
      ['PUT /config/c', { compatibility: 'FULL', compatibilityGroup: 'major' }, 200, { compatibility: 'FULL' }],
      ['GET /config/c', undefined, 200, { compatibilityLevel: 'FULL', compatibilityGroup: 'major' }],
      ['PUT /config/c', { compatibility: null }, 200, {}],
      ['DELETE /config/c', undefined, 200, { compatibilityGroup: 'major' }],
      ['DELETE /config/c', undefined, 404, 40401],
      ['PUT /config', { compatibility: 'NONE' }, 200, { compatibility: 'NONE' }],
      ['DELETE /config', undefined, 200, { compatibilityLevel: 'NONE' }],
      ['GET /config', undefined, 200, { compatibilityLevel: 'BACKWARD' }],
      ['GET /mode', undefined, 200, { mode: 'READWRITE' }],
      ['GET /mode/c', undefined, 404, 40409],
      ['PUT /mode/c', { mode: 'SLEEPING' }, 422, 42204],
      ['PUT /mode/c', { mode: 'readonly' }, 200, { mode: 'readonly' }],
      ['GET /mode/c', undefined, 200, { mode: 'READONLY' }],
      ['POST /subjects/c/versions', avro(ID), 422, 42205],
      ['POST /subjects/d/versions', { ...avro(ID), id: 77 }, 422, 42205],
      ['DELETE /mode/c', undefined, 200, { mode: 'READONLY' }],
      ['DELETE /mode/c', undefined, 404, 40401],
    ]));

  test('import keeps ids and versions', () =>
    play([
      ['PUT /mode/moved', { mode: 'IMPORT' }, 200, { mode: 'IMPORT' }],
      ['POST /subjects/moved/versions', { ...avro(MUST), id: 5_000, version: 3 }, 200, { id: 5_000, version: 3 }],
      ['POST /subjects/moved/versions', { ...avro(ID, MUST), id: 5_000, version: 4 }, 422, 42205],
      ['POST /subjects/moved/versions', avro(ID, MUST), 422, 42205],
      ['PUT /mode/moved', { mode: 'READWRITE' }, 200, { mode: 'READWRITE' }],
      ['GET /subjects/moved/versions', undefined, 200, [3]],
      ['GET /schemas/ids/5000', undefined, 200, { deleted: false }],
    ]));
});

describe('contexts', () => {
  test('have subjects and ids of their own, by name or by path', () =>
    play([
      ['POST /contexts/shop/subjects/s/versions', avro(ID), 200, { id: 1, version: 1 }],
      ['GET /subjects/:.shop:s/versions/1', undefined, 200, { subject: ':.shop:s' }],
      ['GET /contexts/.shop/subjects', undefined, 200, [':.shop:s']],
      ['GET /contexts/shop/schemas/ids/1', undefined, 200, { subject: ':.shop:s' }],
      ['GET /contexts', undefined, 200, ['.', '.shop']],
      ['PUT /contexts/shop/config', { compatibility: 'NONE' }, 200, { compatibility: 'NONE' }],
      ['GET /config/:.shop:', undefined, 200, { compatibilityLevel: 'NONE' }],
      ['GET /contexts/a%3Ab/subjects', undefined, 400, 400],
      ['DELETE /contexts/shop', undefined, 422, 42211],
      ['DELETE /subjects/:.shop:s', undefined, 200, [1]],
      ['DELETE /subjects/:.shop:s?permanent=true', undefined, 200, [1]],
      ['DELETE /contexts/shop', undefined, 204, undefined],
      ['GET /contexts', undefined, 200, ['.']],
    ]));
});

describe('associations', () => {
  test('are none for a topic that nobody associated', () =>
    play([['GET /associations/resources/-/orders?resourceType=topic&associationType=value', undefined, 200, []]]));

  test('are made, found, changed and removed', () =>
    play([
      ['POST /subjects/t-value/versions', avro(ID), 200, { version: 1 }],
      [
        'POST /associations',
        { resourceName: 't', resourceNamespace: 'lkc', resourceId: 't1', associations: [{ subject: 't-value' }] },
        200,
        { resourceId: 't1', associations: [{ subject: 't-value', associationType: 'value', lifecycle: 'WEAK' }] },
      ],
      [
        'PUT /associations/resources/t1',
        {
          resourceName: 't',
          resourceNamespace: 'lkc',
          associations: [{ subject: 't-value', associationType: 'value', lifecycle: 'STRONG' }],
        },
        200,
        { associations: [{ lifecycle: 'STRONG' }] },
      ],
      ['DELETE /subjects/t-value', undefined, 409, 40904],
      ['DELETE /associations/resources/t1?cascadeLifecycle=true', undefined, 204, undefined],
      ['DELETE /associations/resources/t1', undefined, 404, 40410],
      ['GET /subjects/t-value/versions', undefined, 404, 40401],
      [
        'POST /associations:batchMutate',
        { requests: [{ resourceName: 't', associations: [{ opType: 'DELETE' }] }] },
        207,
        { results: [{ error: { error_code: 42212 } }] },
      ],
    ]));
});

describe('around it', () => {
  test('what tools ask for first is there', async () => {
    await play([
      ['GET /', undefined, 200, {}],
      ['POST /', undefined, 200, {}],
      ['GET /v1/metadata/id', undefined, 200, { id: '', scope: { path: [] } }],
      ['GET /v1/metadata/version', undefined, 200, { version: '8.3.0' }],
      ['GET /v1/metadata/deployment', undefined, 200, { attributes: expect.any(Array) }],
      ['GET /exporters', undefined, 200, []],
      ['GET /dek-registry/v1/keks', undefined, 200, []],
      ['GET /dek-registry/v1/keks/k', undefined, 422, 42205],
      ['GET /health/live', undefined, 200, { ok: true }],
      ['GET /health/ready', undefined, 200, { ok: true }],
    ]);
    expect((await registry.ask('GET /metrics')).body).toContain('registry_kept_answers_total');
  });

  test.each([
    ['Avro', avro(ID), /export interface Order \{[^}]*id: bigint/],
    ['Protobuf', proto('int64 id = 1;'), /export interface Order \{[^}]*id: bigint/],
    [
      'JSON',
      json({ type: 'object', properties: { id: { type: 'string' } } }),
      /export (interface|type)[^}]*id\?: string/,
    ],
  ])('format=typescript gives the type of the decoded value of %s', async (type, request, wanted) => {
    const { body } = await registry.ask(`POST /subjects/typed${type}/versions`, request);
    const { id } = body as { id: number };
    const text = await registry.ask(`GET /subjects/typed${type}/versions/latest/schema?format=typescript`);
    expect(text.body).toMatch(wanted);
    const whole = await registry.ask(`GET /schemas/ids/${id}?format=typescript`);
    expect(whole.body).toMatchObject({ schema: text.body });
    expect((await registry.ask(`GET /schemas/ids/${id}`)).body).not.toMatchObject({ schema: text.body });
  });
});
