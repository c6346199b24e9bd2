import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { exactly, NONE, play, record, refused, startTestRegistry, type TestRegistry } from './play.ts';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startTestRegistry();
});
afterAll(() => registry.stop());

const invalid = (property: string, why = /./) =>
  refused(42212, new RegExp(`^The association specified an invalid value for property '${property}': .*${why.source}`));
const topic = (name: string, ...associations: object[]) => ({
  resourceName: name,
  resourceNamespace: 'lkc',
  resourceId: `id-${name}`,
  resourceType: 'topic',
  associations,
});
const shown = { guid: expect.any(String), createTs: expect.any(Number), updateTs: expect.any(Number) };

describe('a weak association', () => {
  const of = { subject: 'orders', associationType: 'value', lifecycle: 'WEAK', frozen: false };
  const resource = { resourceName: 't', resourceNamespace: 'lkc', resourceId: 'id-t', resourceType: 'topic' };

  test('is found by name, by id and by subject, and keeps its subject', () =>
    play(registry, [
      ['GET /associations/resources/-/t?resourceType=topic&associationType=value', NONE, 200, []],
      ['POST /associations', topic('t', { subject: 'orders' }), 409, refused(40907, /orders/)],
      ['POST /subjects/orders/versions', record('O'), 200, { version: 1 }],
      ['POST /associations', topic('t', { subject: 'orders' }), 200, exactly({ ...resource, associations: [of] })],
      ['POST /associations', topic('t', { subject: 'orders' }), 200, { associations: [of] }],
      [
        'GET /associations/resources/-/t?resourceType=topic&associationType=value',
        NONE,
        200,
        [{ ...resource, ...of, ...shown }],
      ],
      ['GET /associations/resources/lkc/t', NONE, 200, [{ ...resource, ...of, ...shown }]],
      ['GET /associations/resources/other/t', NONE, 200, []],
      ['GET /associations/resources/-/t?associationType=key', NONE, 200, []],
      ['GET /associations/resources/id-t?lifecycle=STRONG', NONE, 200, []],
      ['GET /associations/subjects/orders', NONE, 200, [{ ...resource, ...of, ...shown }]],
      ['DELETE /subjects/orders', NONE, 409, refused(40904, /orders/)],
      ['DELETE /subjects/orders/versions/1', NONE, 409, refused(40907, /orders/)],
      ['POST /associations', topic('u', { subject: 'orders', lifecycle: 'STRONG' }), 409, refused(40904, /orders/)],
      [
        'GET /schemas?subjectPrefix=orders&lifecycle=WEAK',
        NONE,
        200,
        [expect.objectContaining({ associations: [expect.objectContaining({ resourceName: 't' })] })],
      ],
      [
        'GET /schemas?subjectPrefix=orders&lifecycle=STRONG&lifecycle=WEAK&associationType=value',
        NONE,
        200,
        [expect.objectContaining({ associations: [expect.objectContaining({ resourceName: 't' })] })],
      ],
      // A schema is listed whatever it is associated with.
      [
        'GET /schemas?subjectPrefix=orders&associationType=key',
        NONE,
        200,
        [expect.not.objectContaining({ associations: expect.anything() })],
      ],
      [
        'GET /schemas?subjectPrefix=orders&lifecycle=NONE',
        NONE,
        200,
        [expect.not.objectContaining({ associations: expect.anything() })],
      ],
      ['DELETE /associations/resources/id-t', NONE, 204, undefined],
      ['DELETE /associations/resources/id-t', NONE, 404, refused(40410, "No association found for resource 'id-t'")],
      ['DELETE /subjects/orders', NONE, 200, [1]],
    ]));
});

describe('a strong association', () => {
  test('registers its schema, is frozen, cannot be referred to, and takes its subject with it', () =>
    play(registry, [
      [
        'POST /associations?dryRun=true',
        topic('s', { associationType: 'value', schema: { schema: '"int"' } }),
        200,
        {},
      ],
      ['GET /associations/resources/id-s', NONE, 200, []],
      [
        'POST /associations',
        topic('s', { associationType: 'value', schema: { schema: '"int"' } }),
        200,
        {
          associations: [
            { subject: ':.lkc:s-value', lifecycle: 'STRONG', frozen: true, schema: { version: 1, schema: '"int"' } },
          ],
        },
      ],
      [
        'POST /subjects/r/versions',
        { ...record('R'), references: [{ name: 'x', subject: ':.lkc:s-value', version: 1 }] },
        422,
        { error_code: 42205 },
      ],
      [
        'PUT /associations/resources/id-s',
        topic('s', { associationType: 'value', frozen: false }),
        409,
        { error_code: 40908 },
      ],
      ['DELETE /associations/resources/id-s', NONE, 409, refused(40908, /frozen/)],
      ['DELETE /associations/resources/id-s?cascadeLifecycle=true', NONE, 204, undefined],
      ['GET /subjects?subjectPrefix=:.lkc:', NONE, 200, []],
    ]));
});

test('requests that say too little are 42212, and each of a batch is answered by itself', () =>
  play(registry, [
    ['POST /associations', {}, 422, invalid('resourceName', /cannot be null or empty/)],
    ['POST /associations', { resourceName: 't' }, 422, invalid('resourceNamespace')],
    ['POST /associations', topic('t', { subject: 'x', associationType: 'header' }), 422, invalid('associationType')],
    ['POST /associations', topic('t', { subject: 'x', lifecycle: 'FOREVER' }), 422, invalid('lifecycle')],
    ['POST /associations:batchMutate', {}, 422, invalid('requests')],
    ['POST /subjects/batch/versions', record('B'), 200, { version: 1 }],
    [
      'POST /associations:batchMutate',
      {
        requests: [
          topic('b', { opType: 'CREATE', subject: 'batch' }),
          topic('c', { opType: 'CREATE', subject: 'none' }),
        ],
      },
      207,
      exactly({
        results: [
          { result: expect.objectContaining({ resourceId: 'id-b' }) },
          { error: { error_code: 40907, message: expect.any(String) } },
        ],
      }),
    ],
    [
      'POST /associations:batchGet?includeSchemas=true',
      { requests: [{ resourceId: 'id-b' }, { resourceId: 'nobody' }] },
      207,
      {
        results: [
          { result: { associations: [{ schema: { subject: 'batch', version: 1 } }] } },
          { result: { resourceId: 'nobody' } },
        ],
      },
    ],
  ]));
