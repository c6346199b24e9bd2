import { describe, expect, test } from '@jest/globals';
import { TidemarkError } from '#libs/foundation/kernel';
import { member } from '#libs/formats/json-text';
import { SCHEMA_LIMITS } from '#libs/formats/schema';
import { fieldNames, jsonSchemaFormat } from '../src/index.ts';

type Schema = ReturnType<typeof jsonSchemaFormat.parse>;
const parse = (...input: Parameters<typeof jsonSchemaFormat.parse>): Schema => jsonSchemaFormat.parse(...input);
const canonicalText = (schema: Schema): string => jsonSchemaFormat.canonicalText(schema);
const normalize = (schema: Schema): Schema => jsonSchemaFormat.normalize(schema);
const formattedText = (schema: Schema, format: string): string => jsonSchemaFormat.formattedText(schema, format);
const equivalent = (a: Schema, b: Schema): boolean => jsonSchemaFormat.equivalent(a, b);
const validate = (schema: Schema, fields: boolean): void => jsonSchemaFormat.validate(schema, { fields });
const read = (schema: unknown, dependencies: { name: string; text: string }[] = []): Schema =>
  parse(typeof schema === 'string' ? schema : JSON.stringify(schema), dependencies);
const failure = (run: () => unknown): { code: string; message: string } => {
  try {
    run();
  } catch (error) {
    if (error instanceof TidemarkError) return { code: error.code, message: error.message };
    throw error;
  }
  throw new Error('nothing was thrown');
};
const draft = (name: string): object => ({ $schema: name });
const D4 = draft('http://json-schema.org/draft-04/schema#');
const D2019 = draft('https://json-schema.org/draft/2019-09/schema');
const D2020 = draft('https://json-schema.org/draft/2020-12/schema');

describe('text', () => {
  test('canonical text keeps the order of keys and the numbers', () => {
    const text = '{ "type" : "number",\n "maximum": 1.0, "10": 1, "9": {"multipleOf":1e2} }';
    expect(canonicalText(read(text))).toBe('{"type":"number","maximum":1.0,"10":1,"9":{"multipleOf":1E+2}}');
    expect(canonicalText(read('true'))).toBe('true');
  });

  test('the normal form sorts keys at every level and is its own normal form', () => {
    const schema = read({
      type: 'object',
      properties: { b: { type: 'string', minLength: 1 }, a: {} },
      required: ['z', 'a'],
    });
    const normal = normalize(schema);
    expect(canonicalText(normal)).toBe(
      '{"properties":{"a":{},"b":{"minLength":1,"type":"string"}},"required":["z","a"],"type":"object"}',
    );
    expect(canonicalText(normalize(normal))).toBe(canonicalText(normal));
  });
});

describe('drafts', () => {
  test.each([
    [{}, '7'],
    [draft('http://json-schema.org/draft-06/schema'), '6'],
    [D4, '4'],
    [D2019, '2019-09'],
    [D2020, '2020-12'],
    [draft('http://acme.com/my-meta-schema'), '7'],
  ])('%j is read as draft %s', (schema, expected) => {
    expect(read(schema).draft).toBe(expected);
  });

  test.each([
    [
      { ...D4, maximum: 1, exclusiveMaximum: true },
      { maximum: 1, exclusiveMaximum: true },
    ],
    [{ items: [{}] }, { ...D2020, items: [{}] }],
    [{ ...D4, properties: { a: { type: 'string' } }, if: 5 }, { if: 5 }],
    [{ dependentRequired: 5 }, { ...D2019, dependentRequired: 5 }],
  ])('%j is fine where %j is not', (fine, wrong) => {
    expect(canonicalText(read(fine))).toBe(JSON.stringify(fine));
    expect(failure(() => read(wrong)).code).toBe('SCHEMA_INVALID');
  });
});

describe('keywords', () => {
  test.each([
    ['5', '#: a schema has to be an object or a boolean, found number'],
    ['[]', '#: a schema has to be an object or a boolean, found array'],
    [
      { type: 'strnig' },
      '#/type: unknown type "strnig"; the types are string, number, integer, boolean, null, object, array',
    ],
    [{ type: 5 }, '#/type: expected a type name or an array of type names, found number'],
    [
      { properties: { a: { type: ['string', 'x'] } } },
      '#/properties/a/type: unknown type "x"; the types are string, number, integer, boolean, null, object, array',
    ],
    [{ properties: [] }, '#/properties: expected an object of schemas, found array'],
    [
      { items: { properties: { 'a/b': 5 } } },
      '#/items/properties/a~1b: a schema has to be an object or a boolean, found number',
    ],
    [{ type: 'string', required: true }, '#/required: expected an array of names, found boolean'],
    [{ required: ['a', 5] }, '#/required: expected an array of names, found number'],
    [{ minLength: '5' }, '#/minLength: expected an integer, found string'],
    [{ minLength: 1.5 }, '#/minLength: expected an integer, found number'],
    [{ maximum: '1' }, '#/maximum: expected a number, found string'],
    [{ multipleOf: 0 }, '#/multipleOf: has to be more than 0'],
    [{ multipleOf: '0e5' }, '#/multipleOf: expected a number, found string'],
    [{ enum: 'a' }, '#/enum: expected an array, found string'],
    [{ allOf: {} }, '#/allOf: expected an array of schemas, found object'],
    [{ anyOf: [{ oneOf: [7] }] }, '#/anyOf/0/oneOf/0: a schema has to be an object or a boolean, found number'],
    [{ not: 'a' }, '#/not: expected a schema (object or boolean), found string'],
    [{ dependencies: { a: 5 } }, '#/dependencies: "a": expected an array of names or a schema, found number'],
    [{ dependencies: { a: [5] } }, '#/dependencies: "a": expected an array of names, found number'],
    [{ uniqueItems: 'yes' }, '#/uniqueItems: expected a boolean, found string'],
    [{ title: 5 }, '#/title: expected a string, found number'],
    [
      { exclusiveMaximum: true },
      '#/exclusiveMaximum: expected a number, found boolean (a boolean is draft 4: set $schema to it)',
    ],
  ])('%j is refused with its place', (schema, message) => {
    expect(failure(() => read(schema))).toEqual({
      code: 'SCHEMA_INVALID',
      message: `Invalid JSON Schema at ${message}.`,
    });
  });

  test.each([
    { enum: [] },
    { required: [] },
    { required: ['a', 'a'] },
    { minLength: -1 },
    { allOf: [] },
    { unknown: 5, format: 'made-up', examples: 7 },
    { type: 'integer', default: 'not a number' },
    { definitions: { unused: { type: 'nonsense', $ref: '#/nowhere' } } },
    { enum: [{ type: 'nonsense' }], const: { $ref: '#/nowhere' }, default: { properties: 5 } },
    { $ref: '#/definitions/a', type: 'ignored beside $ref', definitions: { a: {} } },
    { minLength: 1.0 },
  ])('%j passes, as with the libraries of other registries', (schema) => {
    expect(canonicalText(read(schema))).toBe(JSON.stringify(schema));
  });

  test('patterns are checked by their syntax and never run', () => {
    for (const pattern of ['^(a+)+$', '(?i)abc', 'a++', '\\Q[\\E', '(?<year>\\d{4})', '\\p{L}+', '(?>a|b)']) {
      expect(canonicalText(read({ pattern }))).toBe(JSON.stringify({ pattern }));
    }
    for (const pattern of ['[', '(', 'a{2,1}', '*', '(?<n>a)(?<n>b)']) {
      expect(failure(() => read({ patternProperties: { [pattern]: {} } })).message).toMatch(
        /#\/patternProperties: the pattern/,
      );
      expect(failure(() => read({ pattern })).message).toMatch(
        /at #\/pattern: the pattern is not a regular expression/,
      );
    }
    expect(failure(() => read({ pattern: 'a'.repeat(20_000) })).code).toBe('SCHEMA_INVALID');
  });
});

describe('references', () => {
  const address = {
    name: 'address.json',
    text: JSON.stringify({
      type: 'object',
      properties: { id: { $ref: '#/definitions/id' } },
      default: { id: 'x' },
      definitions: { id: { $id: '#the-id', type: 'integer' } },
    }),
  };

  test.each([
    [{ properties: { a: { $ref: '#/definitions/x' } }, definitions: { x: {} } }],
    [{ ...D2020, properties: { a: { $ref: '#x' } }, $defs: { y: { $anchor: 'x' } } }],
    [{ properties: { a: { $ref: '#x' } }, definitions: { y: { $id: '#x' } } }],
    [{ ...D4, properties: { a: { $ref: '#x' } }, definitions: { y: { id: '#x' } } }],
    [
      {
        $id: 'http://a.com/root.json',
        properties: { a: { $ref: 'part.json' } },
        definitions: { y: { $id: 'part.json' } },
      },
    ],
    [
      {
        $id: 'http://a.com/root.json',
        properties: { a: { $ref: '/root.json#/definitions/y' } },
        definitions: { y: {} },
      },
    ],
    [{ $id: 'urn:acme:order', properties: { a: { $ref: '#/definitions/y' } }, definitions: { y: {} } }],
    [{ properties: { 'a/b': { $ref: '#/properties/c~1d' }, 'c/d': { $ref: '#/properties/e%20%25' }, 'e %': {} } }],
    [{ properties: { a: { $ref: '#/x-shared/y' } }, 'x-shared': { y: { type: 'string' } } }],
    [{ allOf: [{ $ref: 'http://json-schema.org/draft-07/schema#' }] }],
    [{ $ref: '#' }],
    [{ ...D2019, $recursiveAnchor: true, properties: { a: { $recursiveRef: '#' } } }],
    [{ ...D2020, $dynamicAnchor: 'node', properties: { a: { $dynamicRef: '#node' } } }],
  ])('%j is resolved', (schema) => {
    expect(canonicalText(read(schema))).toBe(JSON.stringify(schema));
  });

  test.each([
    [{ items: { $ref: 'address.json' } }],
    [{ items: { $ref: 'address.json#/definitions/id' } }],
    [{ items: { $ref: 'address.json#the-id' } }],
    [{ $id: 'http://a.com/order.json', items: { $ref: 'address.json' } }],
    [{ $id: 'http://a.com/order.json', items: { $ref: 'http://a.com/address.json' } }],
  ])('%j finds the registered address.json', (schema) => {
    expect(canonicalText(read(schema, [address]))).toBe(JSON.stringify(schema));
  });

  test('a copy of a published meta-schema refers to itself, not to the published one', () => {
    const id = 'http://json-schema.org/draft-07/schema#';
    const schema = {
      $schema: id,
      $id: id,
      properties: { n: { $ref: '#/definitions/n' } },
      definitions: { n: { minimum: 0 } },
    };
    const parsed = read(schema);
    const reference = member(member(parsed.root, 'properties'), 'n')!;
    expect(parsed.target(reference)).toBe(member(member(parsed.root, 'definitions'), 'n'));
  });

  test('a dependency is also found by its own $id', () => {
    const dependency = { name: 'customer', text: '{"$id":"http://b.com/customer.json","type":"string"}' };
    expect(() => read({ items: { $ref: 'http://b.com/customer.json' } }, [dependency])).not.toThrow();
    expect(() => read({ items: { $ref: 'customer' } }, [dependency])).not.toThrow();
  });

  test('what is not at hand is an error that says so, and nothing is fetched', () => {
    expect(failure(() => read({ items: { $ref: 'http://127.0.0.1:9/x.json#/a' } }))).toEqual({
      code: 'SCHEMA_INVALID',
      message:
        'Invalid JSON Schema at #/items/$ref: the reference "http://127.0.0.1:9/x.json#/a" is not resolved: no schema given with the request is named "http://127.0.0.1:9/x.json", and remote schemas are never fetched.',
    });
    expect(failure(() => read({ $ref: '#/definitions/none' })).message).toBe(
      'Invalid JSON Schema at #/$ref: the reference "#/definitions/none" points at nothing: there is no "#/definitions/none" in the schema.',
    );
    expect(failure(() => read({ $ref: 'address.json#/none' }, [address])).message).toContain('points at nothing');
  });

  test('resolved: one document, with what it uses of others, and nothing else touched', () => {
    const schema = read(
      {
        $id: 'http://a.com/order.json',
        properties: { to: { $ref: 'address.json' }, n: { $ref: 'address.json#the-id' } },
      },
      [address],
    );
    const text = formattedText(schema, 'resolved');
    expect(JSON.parse(text)).toEqual({
      $id: 'http://a.com/order.json',
      properties: {
        to: { $ref: '#/definitions/address.json' },
        n: { $ref: '#/definitions/address.json/definitions/id' },
      },
      definitions: {
        'address.json': {
          type: 'object',
          properties: { id: { $ref: '#/definitions/address.json/definitions/id' } },
          default: { id: 'x' },
          definitions: { id: { type: 'integer' } },
        },
      },
    });
    expect(canonicalText(read(text))).toBe(text);
    expect(formattedText(schema, 'anything else')).toBe(canonicalText(schema));
    expect(formattedText(read({ type: 'string' }), 'resolved')).toBe('{"type":"string"}');
  });

  test('a schema that holds its references inline, or bundled, is the same to a lookup', () => {
    const zip = { name: 'zip', text: '{"type":"string","maxLength":5}' };
    const stored = read({ type: 'object', properties: { zip: { $ref: 'zip' } } }, [zip]);
    const inline = read({ type: 'object', properties: { zip: { type: 'string', maxLength: 5 } } });
    expect(equivalent(stored, inline)).toBe(true);
    expect(equivalent(stored, read(formattedText(stored, 'resolved')))).toBe(true);
    expect(equivalent(stored, read({ type: 'object', properties: { zip: { type: 'string', maxLength: 6 } } }))).toBe(
      false,
    );
    expect(equivalent(read({ type: 'string', title: 'a' }), read({ title: 'a', type: 'string' }))).toBe(false);
  });
});

describe('limits and fields', () => {
  test('depth, size and number of schemas are bounded', () => {
    const deep = `${'{"not":'.repeat(300)}{}${'}'.repeat(300)}`;
    expect(failure(() => read(deep)).code).toBe('SCHEMA_TOO_COMPLEX');
    const wide = { properties: Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`p${at}`, {}])) };
    const limits = { ...SCHEMA_LIMITS, nodesMax: 50 };
    expect(failure(() => parse(JSON.stringify(wide), [], limits)).code).toBe('SCHEMA_TOO_COMPLEX');
    expect(failure(() => read('{"type":')).message).toBe(
      'The text ends where a value (string, number, object, array, true, false or null) was expected at line 1, column 9.',
    );
  });

  test('thousands of references in a row and around in circles are parsed', () => {
    const definitions = Object.fromEntries(
      Array.from({ length: 20_000 }, (_, at) => [`d${at}`, { $ref: `#/definitions/d${(at + 1) % 20_000}` }]),
    );
    expect(read({ $ref: '#/definitions/d0', definitions }).draft).toBe('7');
  });

  test('names of properties that start with $$ are refused when fields are checked', () => {
    const schema = read({ $ref: '#/definitions/x', definitions: { x: { properties: { a: {}, $$b: {} } } } });
    expect(fieldNames(schema)).toEqual(['a', '$$b']);
    expect(() => validate(schema, false)).not.toThrow();
    expect(failure(() => validate(schema, true)).message).toContain('#/properties/$$b');
  });
});
