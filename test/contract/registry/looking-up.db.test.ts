import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  json,
  NONE,
  play,
  proto,
  record,
  recordText,
  refused,
  startTestRegistry,
  subjectNotFound,
  type TestRegistry,
} from './play.ts';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startTestRegistry();
});
afterAll(() => registry.stop());

const PART = { name: 'n.Part', subject: 'part', version: 1 };
const partText = '{"type":"record","name":"Part","namespace":"n","fields":[{"name":"a","type":"string"}]}';
const wholeText = '{"type":"record","name":"Whole","namespace":"n","fields":[{"name":"p","type":"Part"}]}';
const inlined = `{"type":"record","name":"Whole","namespace":"n","fields":[{"name":"p","type":${partText}}]}`;

test('a reference has three parts and leads to a live version', () =>
  play(registry, [
    ['POST /subjects/part/versions', { schema: partText }, 200, { version: 1 }],
    ['POST /subjects/w/versions', { schema: wholeText }, 422, refused(42201, /n\.Part/)],
    ...[
      { subject: 'part', version: 1 },
      { name: 'n.Part', version: 1 },
      { name: 'n.Part', subject: 'part' },
      { ...PART, name: null },
      { ...PART, version: 0 },
    ].map(
      (reference) =>
        [
          'POST /subjects/w/versions',
          { schema: wholeText, references: [reference] },
          422,
          { error_code: 42201 },
        ] as const,
    ),
    [
      'POST /subjects/w/versions',
      { schema: wholeText, references: [{ ...PART, version: 9 }] },
      422,
      refused(42201, 'No schema reference found for subject "part" and version 9'),
    ],
    [
      'POST /subjects/w/versions',
      { schema: wholeText, references: [{ ...PART, subject: 'gone' }] },
      422,
      refused(42201, 'No schema reference found for subject "gone" and version 1'),
    ],
    ['GET /subjects/w/versions', NONE, 404, subjectNotFound('w')],
    ['POST /subjects/gone/versions', { schema: partText }, 200, { version: 1 }],
    ['DELETE /subjects/gone', NONE, 200, [1]],
    [
      'POST /subjects/w/versions',
      { schema: wholeText, references: [{ ...PART, subject: 'gone' }] },
      422,
      { error_code: 42201 },
    ],
  ]));

test('version -1 is stored as the number that it meant; the resolved form has everything inline', () =>
  play(registry, [
    [
      'POST /subjects/whole/versions',
      { schema: wholeText, references: [{ ...PART, version: -1 }] },
      200,
      { version: 1, references: [PART], schema: wholeText },
    ],
    ['GET /subjects/whole/versions/1', NONE, 200, { references: [PART] }],
    [
      'GET /subjects/whole/versions/1?format=resolved',
      NONE,
      200,
      { schema: inlined.replace(',"namespace":"n","fields":[{"name":"a"', ',"fields":[{"name":"a"') },
    ],
    ['GET /subjects/whole/versions/1?format=unheard-of', NONE, 200, { schema: wholeText }],
    ['GET /subjects/whole/versions/1/schema?format=resolved', NONE, 200, expect.objectContaining({ name: 'Whole' })],
  ]));

test('a lookup finds a schema by its text, by its references as they are, latest or inlined, and by what it inherited', () =>
  play(registry, [
    ['POST /subjects/whole', { schema: wholeText, references: [PART] }, 200, { subject: 'whole', version: 1 }],
    ['POST /subjects/whole', { schema: wholeText, references: [{ ...PART, version: -1 }] }, 200, { version: 1 }],
    ['POST /subjects/whole', { schema: inlined }, 200, { version: 1, references: [PART] }],
    ['POST /subjects/whole/versions', { schema: inlined }, 200, { version: 1 }],
    ['POST /subjects/whole', record('X'), 404, refused(40403, 'Schema not found')],
    ['POST /subjects/whole', { schema: 'nonsense' }, 422, { error_code: 42201 }],
    ['POST /subjects/whole', {}, 422, { error_code: 42201 }],
    ['POST /subjects/nobody', record('X'), 404, subjectNotFound('nobody')],
    ['POST /subjects/m/versions', { ...record('M'), metadata: { properties: { k: '1' } } }, 200, { version: 1 }],
    ['POST /subjects/m', record('M'), 200, { version: 1, metadata: { properties: { k: '1' } } }],
    ['POST /subjects/m', { ...record('M'), metadata: { properties: { k: '2' } } }, 404, { error_code: 40403 }],
    [
      'POST /subjects/m',
      { ...record('M'), metadata: null, ruleSet: null, references: null, id: null, version: null, unknown: 1 },
      200,
      { version: 1 },
    ],
    // Lookups take what registrations would refuse for its defaults.
    [
      'POST /subjects/m',
      { schema: '{"type":"record","name":"M","fields":[{"name":"a","type":"int","default":"x"}]}' },
      404,
      { error_code: 40403 },
    ],
  ]));

test('references between JSON schemas are by URI, and nothing is ever fetched', () =>
  play(registry, [
    ['POST /subjects/address/versions', json('{"type":"object"}'), 200, { version: 1 }],
    [
      'POST /subjects/person/versions',
      json('{"properties":{"a":{"$ref":"http://127.0.0.1:1/address.json"}}}'),
      422,
      refused(42201, /never fetched/),
    ],
    [
      'POST /subjects/person/versions',
      {
        ...json('{"properties":{"a":{"$ref":"http://127.0.0.1:1/address.json"}}}'),
        references: [{ name: 'http://127.0.0.1:1/address.json', subject: 'address', version: 1 }],
      },
      200,
      { version: 1 },
    ],
    [
      'POST /subjects/loop/versions',
      json('{"$ref":"#/definitions/a","definitions":{"a":{"$ref":"#"}}}'),
      200,
      { version: 1 },
    ],
  ]));

test('an absent or empty schema with new metadata makes a version with the text of the one before', () =>
  play(registry, [
    ['POST /subjects/new/versions', { metadata: { properties: { a: '1' } } }, 422, refused(42201, 'Empty schema')],
    ['POST /subjects/t/versions', record('T'), 200, { version: 1 }],
    [
      'POST /subjects/t/versions',
      { schema: '', metadata: { properties: { a: '1' } } },
      200,
      { version: 2, schema: recordText('T') },
    ],
    [
      'POST /subjects/t/versions',
      { metadata: { properties: { a: '2' } } },
      200,
      { version: 3, schema: recordText('T') },
    ],
    ['POST /subjects/t/versions', record('T', 'x?'), 200, { version: 4, metadata: { properties: { a: '2' } } }],
    ['GET /subjects/t/metadata?key=a&value=2', NONE, 200, { version: 4 }],
    ['GET /subjects/t/metadata?key=a&value=1', NONE, 200, { version: 2 }],
    ['GET /subjects/t/metadata?key=a&value=1&key=b&value=1', NONE, 404, refused(40403, 'Schema not found')],
    ['GET /subjects/nobody/metadata?key=a&value=1', NONE, 404, subjectNotFound('nobody')],
  ]));

test('a lookup in normal form finds what was registered in another order', () =>
  play(registry, [
    ['POST /subjects/ba/versions', json('{"title":"t","b":1,"a":2}'), 200, { version: 1 }],
    ['POST /subjects/ba', json('{"a":2,"b":1,"title":"t"}'), 404, refused(40403, 'Schema not found')],
    [
      'POST /subjects/ba?normalize=true',
      json('{"a":2,"b":1,"title":"t"}'),
      200,
      { version: 1, schema: '{"title":"t","b":1,"a":2}' },
    ],
    ['POST /subjects/ba?normalize=true', json('{"a":2,"b":3,"title":"t"}'), 404, { error_code: 40403 }],
    [
      'POST /subjects/pb/versions',
      proto('syntax = "proto3"; message M { string b = 2; string a = 1; }'),
      200,
      { version: 1 },
    ],
    [
      'POST /subjects/pb?normalize=true',
      proto('syntax = "proto3"; message M { string a = 1; string b = 2; }'),
      200,
      { version: 1 },
    ],
  ]));
