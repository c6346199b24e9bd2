import { describe, expect, test } from '@jest/globals';
import type { SchemaTags } from '#libs/formats/schema';
import { jsonSchemaFormat, jsonSchemaTagging } from '../src/index.ts';

const record = (path: string, ...tags: string[]): SchemaTags => ({
  schemaEntity: { entityPath: path, entityType: 'sr_record' },
  tags,
});
const field = (path: string, ...tags: string[]): SchemaTags => ({
  schemaEntity: { entityPath: path, entityType: 'sr_field' },
  tags,
});
const parse = (text: string) => jsonSchemaFormat.parse(text, []);
const change = (text: string, add: SchemaTags[], remove: SchemaTags[] = []): string =>
  jsonSchemaTagging.change(parse(text), add, remove, 'refuse');

/** A schema in which every place to be tagged has a member "x" with the path that leads to it. */
const PLACES: readonly (readonly [string, object])[] = [
  [
    'properties, arrays and nested objects',
    {
      type: 'object',
      properties: {
        name: { type: 'string', x: 'field object.name' },
        address: { type: 'object', properties: { city: { x: 'field object.address.object.city' } } },
        lines: {
          type: 'array',
          items: { properties: { sku: { type: 'string', x: 'field object.lines.array.object.sku' } } },
          x: 'field object.lines',
        },
        'dotted.name': { x: 'field object.dotted.name' },
        tags: { type: 'array', items: { type: 'object', x: 'record object.tags.array.object' } },
      },
      x: 'record object',
    },
  ],
  [
    'combinations, counted by kind and title, not by place',
    {
      type: 'object',
      properties: {
        pay: {
          oneOf: [
            { type: 'string' },
            { type: 'object', title: 'B', properties: { b: { x: 'field object.pay.oneof.2.object.b' } } },
            { type: 'object', title: 'A', x: 'record object.pay.oneof.1.object' },
            { type: 'array', items: { type: 'object', x: 'record object.pay.oneof.0.array.object' } },
          ],
        },
        all: { allOf: [{ type: 'boolean' }, { required: ['q'], x: 'record object.all.allof.1.object' }] },
        any: { anyOf: [{ $ref: '#' }, { minProperties: 1, x: 'record object.any.anyof.0.object' }] },
        no: { not: { properties: { n: { x: 'field object.no.not.object.n' } } } },
      },
    },
  ],
  [
    'keywords side by side, and conditions',
    {
      type: 'object',
      properties: { country: { x: 'field allof.1.object.country' } },
      if: { properties: { country: { const: 'US', x: 'field allof.0.conditional.if.object.country' } } },
      // oxlint-disable-next-line unicorn/no-thenable
      then: { properties: { zip: { x: 'field allof.0.conditional.then.object.zip' } } },
      else: { required: ['code'], x: 'record allof.0.conditional.else.object' },
      x: 'record allof.1.object',
    },
  ],
  [
    'a list of types',
    {
      type: ['null', 'object'],
      properties: { parent: { $ref: '#', x: 'field anyof.1.object.parent' } },
      x: 'record anyof.1.object',
    },
  ],
  [
    'definitions, by names with dots too',
    {
      type: 'object',
      definitions: {
        Card: { type: 'object', properties: { no: { x: 'field object.definitions.Card.object.no' } } },
        'a.B': { type: 'object', x: 'record object.definitions.a.B.object' },
      },
      $defs: { D: { type: 'object', x: 'record object.$defs.D.object' } },
    },
  ],
  [
    'definitions beside a reference',
    {
      $ref: '#/definitions/R',
      definitions: { R: { type: 'object', properties: { f: { x: 'field definitions.R.object.f' } } } },
    },
  ],
];

describe('the tags of a JSON Schema', () => {
  test.each(PLACES)('%s', (_, schema) => {
    const text = JSON.stringify(schema);
    const paths = [...text.matchAll(/"x":"(record|field) ([^"]*)"/g)].map(([, type, path]) =>
      type === 'record' ? record(path!, 'A', 'B') : field(path!, 'A', 'B'),
    );
    const expected = JSON.parse(text, (name, value: unknown) => {
      if (typeof value !== 'object' || value === null || !('x' in value)) return value;
      return { ...value, 'confluent:tags': ['A', 'B'] };
    }) as unknown;
    const tagged = change(text, paths);
    expect(JSON.parse(tagged)).toEqual(expected);
    const byPath = (tags: SchemaTags[]): unknown => tags.map((each) => each.schemaEntity.entityPath).sort();
    expect(byPath(jsonSchemaTagging.find(parse(tagged)))).toEqual(byPath(paths));
    expect(change(tagged, paths)).toBe(tagged);
    expect(change(tagged, [], paths)).toBe(text);
  });

  test('leave the order of keys and the texts of numbers as they were', () => {
    const text = '{"properties":{"10":{"maximum":1.0},"9":{"maximum":12345678901234567890}},"type":"object"}';
    expect(change(text, [field('object.9', 'T')])).toBe(text.replace('567890}', '567890,"confluent:tags":["T"]}'));
  });

  test('keep their place, are added once and in order, and removed after others are added', () => {
    const text = '{"type":"object","confluent:tags":["B"],"title":"t"}';
    expect(change(text, [record('object', 'A', 'B')])).toBe(text.replace('["B"]', '["B","A"]'));
    expect(change(text, [record('object', 'C')], [record('object', 'B')])).toBe(text.replace('["B"]', '["C"]'));
    expect(change(text, [], [record('object', 'B')])).toBe('{"type":"object","title":"t"}');
  });

  test('of a property are listed as those of a field, and reached as those of its object', () => {
    const text = '{"type":"object","properties":{"p":{"type":"object"}}}';
    const tagged = change(text, [record('object.p.object', 'T')]);
    expect(tagged).toBe('{"type":"object","properties":{"p":{"type":"object","confluent:tags":["T"]}}}');
    expect(jsonSchemaTagging.find(parse(tagged))).toEqual([field('object.p', 'T')]);
  });

  test.each([
    ['an unknown property', field('object.missing', 'T')],
    ['a property that is true or false', field('object.any', 'T')],
    ['a record that is asked for as a field', field('object', 'T')],
    ['a place within a value', field('object.p.object.q', 'T')],
    ['an empty path', record('', 'T')],
  ])('%s is refused by its path', (_, tags) => {
    const text = '{"type":"object","properties":{"p":{"default":{"properties":{"q":{}}}},"any":true}}';
    const message = expect.stringContaining(`'${tags.schemaEntity.entityPath}'`);
    const refused = expect.objectContaining({ code: 'SCHEMA_INVALID', message });
    expect(() => change(text, [tags])).toThrow(refused);
    expect(jsonSchemaTagging.change(parse(text), [tags], [], 'skip')).toBe(text);
  });

  test('are looked for in bounded time in schemas that are nested as deep as they may be', () => {
    const name = 'n'.repeat(4_000);
    let schema = '{"type":"object","properties":{"last":{}}}';
    for (let depth = 0; depth < 90; depth++) schema = `{"type":"object","properties":{"${name}":${schema}}}`;
    const deep = parse(schema);
    expect(jsonSchemaTagging.find(deep)).toEqual([]);
    const path = `${`object.${name}.`.repeat(90)}object.last`;
    expect(() => jsonSchemaTagging.change(deep, [field(path, 'T')], [], 'refuse')).toThrow(/No matching path/);
  });
});
