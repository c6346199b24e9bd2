import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  badVersion,
  exactly,
  json,
  NONE,
  play,
  proto,
  record,
  recordText,
  refused,
  startTestRegistry,
  type TestRegistry,
  versionNotFound,
} from './play.ts';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startTestRegistry();
});
afterAll(() => registry.stop());

const missing = (field: string, index: number, [reader, writer]: [string, string] = ['new', 'old']) =>
  `{errorType:'READER_FIELD_MISSING_DEFAULT_VALUE', description:"The field '${field}' at path '/fields/${index}' in the ${reader} schema has no default value and is missing in the ${writer} schema", additionalInfo:'${field}'}`;
const against = (version: number, text: string) => [`{oldSchemaVersion: ${version}}`, `{oldSchema: '${text}'}`];
const level = (name: string) => `{validateFields: 'false', compatibility: '${name}'}`;

describe('the messages', () => {
  test('are the list that Confluent gives, and the same list refuses a registration', () =>
    play(registry, [
      ['POST /subjects/m/versions', record('R', 'a'), 200, { version: 1 }],
      [
        'POST /compatibility/subjects/m/versions/latest?verbose=true',
        record('R', 'a', 'b'),
        200,
        exactly({
          is_compatible: false,
          messages: [missing('b', 1), ...against(1, recordText('R', 'a')), level('BACKWARD')],
        }),
      ],
      ['POST /compatibility/subjects/m/versions/latest', record('R', 'a', 'b'), 200, exactly({ is_compatible: false })],
      [
        'POST /compatibility/subjects/m/versions/latest?verbose=true',
        record('R', 'a'),
        200,
        exactly({ is_compatible: true }),
      ],
      [
        'POST /subjects/m/versions',
        record('R', 'a', 'b'),
        409,
        {
          error_code: 40901,
          message: `Schema being registered is incompatible with an earlier schema for subject "m", details: [${[missing('b', 1), ...against(1, recordText('R', 'a')), level('BACKWARD')].join(', ')}]`,
        },
      ],
      [
        'POST /compatibility/subjects/m/versions/1?verbose=true',
        json('{}'),
        200,
        exactly({
          is_compatible: false,
          messages: ['Incompatible because of different schema type', level('BACKWARD')],
        }),
      ],
      [
        'POST /compatibility/subjects/m/versions/latest?verbose=true',
        { schema: 'x' },
        200,
        { is_compatible: false, messages: [expect.stringMatching(/^Invalid schema/)] },
      ],
      ['POST /compatibility/subjects/m/versions/latest', { schema: 'x' }, 422, { error_code: 42201 }],
      ['POST /subjects/m/versions?force=true', record('R', 'a', 'b'), 200, { version: 2 }],
    ]));

  test('name unknown versions and subjects as clients expect', () =>
    play(registry, [
      ['POST /compatibility/subjects/nobody/versions/latest', record('R'), 200, exactly({ is_compatible: true })],
      ['POST /compatibility/subjects/nobody/versions/', record('R'), 200, exactly({ is_compatible: true })],
      ['POST /compatibility/subjects/nobody/versions/1', record('R'), 404, versionNotFound(1)],
      ['POST /compatibility/subjects/nobody/versions/0', record('R'), 422, badVersion('0')],
      ['POST /compatibility/subjects/nobody/versions', { schema: 'x' }, 422, { error_code: 42201 }],
    ]));
});

describe('the level', () => {
  // Each: the level, three texts one after the other, and whether the third may follow the other two.
  test.each([
    ['NONE', ['a'], ['a', 'b?'], ['z'], true],
    ['BACKWARD', ['a'], ['a', 'b?'], ['a', 'b'], true],
    ['BACKWARD_TRANSITIVE', ['a'], ['a', 'b?'], ['a', 'b'], false],
    ['FORWARD', ['a', 'b'], ['a', 'b?', 'c'], ['a', 'c'], true],
    ['FORWARD_TRANSITIVE', ['a', 'b'], ['a', 'b?', 'c'], ['a', 'c'], false],
    ['FULL', ['a'], ['a', 'b?'], ['a', 'b'], true],
    ['FULL_TRANSITIVE', ['a'], ['a', 'b?'], ['a', 'b'], false],
    ['FULL', ['a'], ['a', 'b?'], ['b?'], false],
  ])('%s lets %j, %j and then %j follow: %s', async (name, first, second, third, fits) => {
    const subject = `${name}-${third.join('').replace('?', '')}`;
    await play(registry, [
      [`PUT /config/${subject}`, { compatibility: name }, 200, {}],
      [`POST /subjects/${subject}/versions`, record('R', ...first), 200, { version: 1 }],
      [`POST /subjects/${subject}/versions`, record('R', ...second), 200, { version: 2 }],
      [`POST /compatibility/subjects/${subject}/versions`, record('R', ...third), 200, { is_compatible: fits }],
      [
        `POST /subjects/${subject}/versions`,
        record('R', ...third),
        fits ? 200 : 409,
        fits ? { version: 3 } : { error_code: 40901 },
      ],
    ]);
  });

  test('never counts soft-deleted versions, and NONE lets types of schemas mix', () =>
    play(registry, [
      ['POST /subjects/del/versions', record('R', 'a'), 200, { version: 1 }],
      ['DELETE /subjects/del/versions/1', NONE, 200, 1],
      ['POST /subjects/del/versions', { schema: '"int"' }, 200, { version: 2 }],
      ['POST /subjects/del/versions', json('{}'), 409, { error_code: 40901 }],
      ['PUT /config/del', { compatibility: 'NONE' }, 200, {}],
      ['POST /subjects/del/versions', json('{}'), 200, { version: 3 }],
      ['POST /subjects/del/versions', proto('syntax = "proto3"; message A {}'), 200, { version: 4 }],
    ]));

  test('compares only within a compatibility group', () =>
    play(registry, [
      ['PUT /config/grp', { compatibilityGroup: 'major' }, 200, {}],
      [
        'POST /subjects/grp/versions',
        { ...record('R', 'a'), metadata: { properties: { major: '1' } } },
        200,
        { version: 1 },
      ],
      [
        'POST /subjects/grp/versions',
        { schema: '"int"', metadata: { properties: { major: '2' } } },
        200,
        { version: 2 },
      ],
      [
        'POST /subjects/grp/versions',
        { ...record('R', 'a', 'b'), metadata: { properties: { major: '1' } } },
        409,
        { error_code: 40901 },
      ],
      [
        'POST /subjects/grp/versions',
        { ...record('R', 'a', 'b?'), metadata: { properties: { major: '1' } } },
        200,
        { version: 3 },
      ],
      [
        'POST /compatibility/subjects/grp/versions',
        { schema: '"long"', metadata: { properties: { major: '2' } } },
        200,
        { is_compatible: true },
      ],
    ]));
});

describe('the formats', () => {
  const object = (properties: object, more: object = {}) =>
    json(JSON.stringify({ type: 'object', properties, ...more }));
  const message = (body: string) => proto(`syntax = "proto3";\nmessage M {${body}}`);
  const closed = { additionalProperties: false };
  const text = { type: 'string' };

  test.each([
    ['a promotion of Avro', { schema: '"int"' }, { schema: '"long"' }, true],
    ['a demotion of Avro', { schema: '"long"' }, { schema: '"int"' }, false],
    [
      'a symbol taken out of an enum',
      { schema: '{"type":"enum","name":"E","symbols":["A","B"]}' },
      { schema: '{"type":"enum","name":"E","symbols":["A"]}' },
      false,
    ],
    [
      'one with a default',
      { schema: '{"type":"enum","name":"E","symbols":["A","B"]}' },
      { schema: '{"type":"enum","name":"E","symbols":["A"],"default":"A"}' },
      true,
    ],
    ['a union made wider', { schema: '["null","int"]' }, { schema: '["null","int","string"]' }, true],
    ['a union made narrower', { schema: '["null","int"]' }, { schema: '["null"]' }, false],
    [
      'an alias for a field',
      record('R', 'a'),
      { schema: '{"type":"record","name":"R","fields":[{"name":"b","type":"string","aliases":["a"]}]}' },
      true,
    ],
    [
      'an optional property in a closed object',
      object({ a: text }, closed),
      object({ a: text, b: text }, closed),
      true,
    ],
    ['an optional property in an open object', object({ a: text }), object({ a: text, b: text }), false],
    [
      'a property taken out of a closed object',
      object({ a: text, b: text }, closed),
      object({ a: text }, closed),
      false,
    ],
    ['a property that becomes required', object({ a: text }), object({ a: text }, { required: ['a'] }), false],
    ['a smaller maximum', json('{"type":"number","maximum":10}'), json('{"type":"number","maximum":9}'), false],
    ['a wider type of JSON', json('{"type":"integer"}'), json('{"type":"number"}'), true],
    ['a field added in Protobuf', message('string a = 1;'), message('string a = 1; string b = 2;'), true],
    ['a field with another type', message('string a = 1;'), message('int32 a = 1;'), false],
    ['a string that becomes bytes', message('string a = 1;'), message('bytes a = 1;'), true],
    [
      'a message taken away',
      proto('syntax = "proto3"; message M {} message N {}'),
      proto('syntax = "proto3"; message M {}'),
      false,
    ],
    [
      'another package',
      proto('syntax = "proto3"; package a; message M {}'),
      proto('syntax = "proto3"; package b; message M {}'),
      false,
    ],
    ['a required field added', proto('message M {}'), proto('message M { required int32 a = 1; }'), false],
  ])('%s', async (name, first, second, fits) => {
    const subject = encodeURIComponent(name);
    await play(registry, [
      [`POST /subjects/${subject}/versions`, first, 200, { version: 1 }],
      [`POST /compatibility/subjects/${subject}/versions/1`, second, 200, exactly({ is_compatible: fits })],
    ]);
  });

  test('a property added to an open JSON Schema has the name that the profile gives it', async () => {
    const of7 = await registry.another({ TIDEMARK_REGISTRY_PROFILE: '7' });
    const check = 'POST /compatibility/subjects/open-json/versions/1?verbose=true';
    await play(registry, [
      ['POST /subjects/open-json/versions', object({ a: text }), 200, { version: 1 }],
      [check, object({ a: text, b: text }), 200, { is_compatible: false }],
    ]);
    const named = (name: string, words: string): string =>
      `{errorType:"${name}", description:"The new schema has an open content model and has a property or item at path '#/properties/b' which is ${words}"}`;
    const messages = async (on: Pick<TestRegistry, 'ask'>): Promise<unknown> =>
      ((await on.ask(check, object({ a: text, b: text }))).body as { messages: string[] }).messages[0];
    const words = 'missing in the old schema';
    expect(await messages(registry)).toBe(named('OPTIONAL_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL', words));
    expect(await messages(of7)).toBe(named('PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL', words));
  });

  test('JSON Schema is lenient when the config says so', () =>
    play(registry, [
      ['PUT /config/lenient', { compatibilityPolicy: 'LENIENT' }, 200, {}],
      ['POST /subjects/lenient/versions', object({ a: text }), 200, { version: 1 }],
      ['POST /subjects/lenient/versions', object({ a: text, b: text }), 200, { version: 2 }],
      ['POST /subjects/lenient/versions', object({ a: { type: 'integer' } }), 409, refused(40901, /TYPE_CHANGED/)],
    ]));
});
