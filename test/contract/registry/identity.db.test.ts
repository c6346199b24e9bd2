import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { exactly, json, NONE, play, proto, record, refused, startTestRegistry, type TestRegistry } from './play.ts';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startTestRegistry();
  await registry.ask('PUT /config', { compatibility: 'NONE' });
});
afterAll(() => registry.stop());

interface Registered {
  readonly id: number;
  readonly version: number;
  readonly guid: string;
  readonly schema: string;
  readonly metadata?: object;
  readonly ruleSet?: object;
}

async function register(subject: string, request: object, query = ''): Promise<Registered> {
  const { status, body } = await registry.ask(`POST /subjects/${subject}/versions${query}`, request);
  expect({ status, body }).toMatchObject({ status: 200 });
  return body as Registered;
}

const uuid = (hash: Buffer): string => hash.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
const int32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};

describe('the guid', () => {
  test('is the MD5 of canonical text, references, metadata and rules', async () => {
    const part = await register('md5-part', record('Part'));
    expect(part.guid).toBe(uuid(createHash('md5').update(part.schema).digest()));
    const whole = await register('md5-whole', {
      schema: ' {"name":"W", "type":"record","fields":[ {"type":"Part","name":"p"} ]}',
      references: [{ name: 'Part', subject: 'md5-part', version: -1 }],
      metadata: { properties: { z: '1', a: '2' }, tags: { t: ['y', 'x', 'y'] }, sensitive: ['s', 'r', 's'] },
      ruleSet: {
        domainRules: [
          {
            name: 'n',
            kind: 'CONDITION',
            mode: 'WRITE',
            type: 'CEL',
            tags: ['Q', 'P', 'Q'],
            params: { k: 'v' },
            expr: 'e',
            disabled: true,
          },
        ],
      },
    });
    const hash = createHash('md5')
      .update('{"type":"record","name":"W","fields":[{"name":"p","type":"Part"}]}')
      .update('Part')
      .update('md5-part')
      .update(int32(1))
      .update(Buffer.of(1))
      .update('txya2z1rs')
      .update(Buffer.of(1))
      .update('nCONDITIONWRITECELPQkve')
      .update(Buffer.of(1));
    expect(whole.guid).toBe(uuid(hash.digest()));
    expect(whole).toMatchObject({
      metadata: { tags: { t: ['x', 'y'] }, properties: { a: '2', z: '1' }, sensitive: ['r', 's'] },
      ruleSet: { domainRules: [{ tags: ['P', 'Q'] }] },
    });
  });

  test('tells empty metadata from none, and is the same in every context', async () => {
    const none = await register('none', record('M'));
    const empty = await register('empty', { ...record('M'), metadata: {} });
    const other = await register(':.other:none', record('M'));
    expect(empty.guid).not.toBe(none.guid);
    expect(empty.id).not.toBe(none.id);
    expect(other).toMatchObject({ id: 1, guid: none.guid });
    await play(registry, [
      [`GET /schemas/guids/${none.guid}`, NONE, 200, { guid: none.guid, schema: none.schema, schemaType: 'AVRO' }],
      [
        `GET /schemas/guids/${none.guid}/ids`,
        NONE,
        200,
        [
          { context: '.', id: none.id },
          { context: '.other', id: 1 },
        ],
      ],
      [
        'GET /schemas/guids/00000000-0000-0000-0000-000000000000',
        NONE,
        404,
        refused(40403, 'Schema 00000000-0000-0000-0000-000000000000 not found'),
      ],
    ]);
  });
});

describe('the canonical text', () => {
  test.each([
    ['AVRO', '{"type":"string"}', '"string"'],
    [
      'AVRO',
      '{"fields":[{"default":1,"order":"ascending","doc":"d","type":{"type":"int"},"name":"f"}],"aliases":["x","n.y","o.z"],"x":{"b":1,"a":1.50},"name":"n.R","type":"record"}',
      '{"type":"record","name":"R","namespace":"n","fields":[{"name":"f","type":"int","doc":"d","default":1}],"x":{"b":1,"a":1.5},"aliases":["x","y","o.z"]}',
    ],
    [
      'JSON',
      '{ "10": 1, "9": 2.0, "b": 9223372036854775807, "1": 1e400 }',
      '{"10":1,"9":2.0,"b":9223372036854775807,"1":1E+400}',
    ],
    [
      'PROTOBUF',
      'syntax="proto3"; package a.b; // c\nimport "google/protobuf/any.proto"; message M { string b=2; int32 a=1 [deprecated=true]; }',
      'syntax = "proto3";\npackage a.b;\n\nimport "google/protobuf/any.proto";\n\nmessage M {\n  string b = 2;\n  int32 a = 1 [deprecated = true];\n}\n',
    ],
  ])('of %s is as Confluent prints it: %s', async (schemaType, sent, canonical) => {
    const { schema, id } = await register(`canonical-${createHash('md5').update(sent).digest('hex')}`, {
      schemaType,
      schema: sent,
    });
    expect(schema).toBe(canonical);
    const text = await fetch(`${registry.url}/schemas/ids/${id}/schema`);
    expect(await text.text()).toBe(canonical);
  });

  test('in normal form does not depend on the order of keys, otherwise it does', async () => {
    const ba = await register('ba', json('{"title":"t","b":1,"a":{"d":1,"c":2}}'));
    const ab = await register('ab', json('{"a":{"c":2,"d":1},"b":1,"title":"t"}'));
    expect(ba.id).not.toBe(ab.id);
    const normal = await register('normal', json('{"title":"t","b":1,"a":{"d":1,"c":2}}'), '?normalize=true');
    expect(normal).toMatchObject({ id: ab.id, schema: '{"a":{"c":2,"d":1},"b":1,"title":"t"}' });
    await play(registry, [
      ['PUT /config/by-config', { normalize: true }, 200, { normalize: true }],
      ['POST /subjects/by-config/versions', json('{"title":"t","a":{"d":1,"c":2},"b":1}'), 200, { id: ab.id }],
      ['POST /subjects/by-config', json('{"a":{"d":1,"c":2},"b":1,"title":"t"}'), 200, { id: ab.id }],
    ]);
  });
});

describe('one JSON Schema in two orders of keys', () => {
  const ba = '{"title":"t","b":1,"a":{"d":1,"c":2}}';
  const bd = '{"title":"t","b":1,"a":{"c":2,"d":1}}';
  const sorted = '{"a":{"c":2,"d":1},"b":1,"title":"t"}';

  test('is two versions of a subject, each found by its own order, the first one still after the second', async () => {
    const first = await register('orders', json(ba));
    const second = await register('orders', json(bd));
    expect([first.version, second.version, first.id === second.id]).toEqual([1, 2, false]);
    await play(registry, [
      ['POST /subjects/orders', json(ba), 200, { version: 1, id: first.id, schema: ba }],
      ['POST /subjects/orders', json(bd), 200, { version: 2, id: second.id, schema: bd }],
      ['POST /subjects/orders', json(` { "title":"t",\n"b":1, "a":{"d":1,"c":2}}`), 200, { version: 1 }],
      ['POST /subjects/orders', json(sorted), 404, refused(40403, 'Schema not found')],
      ['POST /subjects/orders/versions', json(ba), 200, { version: 1, id: first.id }],
      ['POST /compatibility/subjects/orders/versions/latest', json(sorted), 200, exactly({ is_compatible: true })],
    ]);
  });

  test('is found in normal form by the newest of its versions, or by the one that is in normal form', async () => {
    await play(registry, [
      ['POST /subjects/normals/versions', json(ba), 200, { version: 1 }],
      ['POST /subjects/normals/versions', json(bd), 200, { version: 2 }],
      ['POST /subjects/normals?normalize=true', json(sorted), 200, { version: 2, schema: bd }],
      ['POST /subjects/normals/versions?normalize=true', json(ba), 200, { version: 3, schema: sorted }],
      ['POST /subjects/normals/versions?normalize=true', json(bd), 200, { version: 3, schema: sorted }],
      ['POST /subjects/normals?normalize=true', json(ba), 200, { version: 3, schema: sorted }],
      ['POST /subjects/normals', json(ba), 200, { version: 1, schema: ba }],
    ]);
  });
});

describe('ids and versions', () => {
  test('one schema has one id in a context, and each subject counts its own versions', async () => {
    const first = await register('ids-a', record('Ids'));
    await register('ids-b', record('Other'));
    expect(await register('ids-b', record('Ids'))).toMatchObject({ id: first.id, version: 2 });
    await play(registry, [
      [`GET /schemas/ids/${first.id}/subjects`, NONE, 200, ['ids-a', 'ids-b']],
      // A subject says where to look, and leaves nothing out.
      [`GET /schemas/ids/${first.id}/subjects?subject=ids-a`, NONE, 200, ['ids-a', 'ids-b']],
      [
        `GET /schemas/ids/${first.id}/versions`,
        NONE,
        200,
        [
          { subject: 'ids-a', version: 1 },
          { subject: 'ids-b', version: 2 },
        ],
      ],
      ['GET /schemas/ids/999999/subjects', NONE, 404, refused(40403, 'Schema 999999 not found')],
    ]);
  });

  test('a version in the request is compared, set, and noted in the metadata; -1 means the next', () =>
    play(registry, [
      [
        'POST /subjects/cas/versions',
        { ...record('Cas'), version: 2 },
        422,
        refused(42201, 'Version is not one more than previous version'),
      ],
      [
        'POST /subjects/cas/versions',
        { ...record('Cas'), version: 1 },
        200,
        { version: 1, metadata: { properties: { 'confluent:version': '1' } } },
      ],
      ['POST /subjects/cas/versions', { ...record('Cas'), version: 1 }, 200, { version: 1 }],
      [
        'POST /subjects/cas/versions',
        { ...record('Cas', 'a'), version: 1 },
        422,
        refused(42201, 'Version is not one more than previous version'),
      ],
      [
        'POST /subjects/cas/versions',
        { ...record('Cas', 'a'), version: -1 },
        200,
        { version: 2, metadata: { properties: { 'confluent:version': '2' } } },
      ],
      ['POST /subjects/cas', record('Cas', 'a'), 200, { version: 2 }],
      // A note that a client sends along is of another version.
      [
        'POST /subjects/cas/versions',
        { ...record('Cas', 'b?'), metadata: { properties: { 'confluent:version': '1', owner: 'ada' } } },
        200,
        { version: 3, metadata: { properties: { 'confluent:version': '3', owner: 'ada' } } },
      ],
    ]));

  test('one type of schema may have the text of another: the type is not a part of the identity', async () => {
    const text = '{"type":"string"}';
    const avro = await register('typed', { schema: text });
    const other = await register('typed', json(text));
    expect(avro.schema).toBe('"string"');
    expect(other.schema).toBe(text);
    expect(await register('typed', proto('syntax = "proto3";'))).toMatchObject({ version: 3, schemaType: 'PROTOBUF' });
  });
});
