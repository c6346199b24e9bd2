import { describe, expect, test } from '@jest/globals';
import type { Dependency } from '#libs/formats/schema';
import { decodePayload, encodePayload } from '../src/index.ts';
import { stored, thrownBy } from './schemas.ts';

const json = (schema: object, dependencies: Dependency[] = []) => {
  const known = stored('JSON', schema, dependencies);
  return {
    text: (value: unknown): string => encodePayload(known, value).toString('utf8', 5),
    read: (text: string): unknown => decodePayload(known, Buffer.from(text), 0),
    refusal: (value: unknown): string => thrownBy(() => encodePayload(known, value)).message,
  };
};

describe('numbers', () => {
  const { text, read, refusal } = json({ properties: { n: { type: 'integer', maximum: 1e19 } } });

  test('whole numbers beyond 2^53 are bigints, both ways, digit for digit', () => {
    expect(text({ n: 9223372036854775807n })).toBe('{"n":9223372036854775807}');
    expect(read('{"n":9223372036854775807}')).toEqual({ n: 9223372036854775807n });
    expect(read('{"n":-12345678901234567890,"m":[9007199254740993]}')).toEqual({
      n: -12345678901234567890n,
      m: [9007199254740993n],
    });
  });

  test('other numbers stay numbers, however many digits a string or a fraction has', () => {
    expect(read('{"n":9007199254740991,"s":"12345678901234567890","f":0.12345678901234567}')).toEqual({
      n: 9007199254740991,
      s: '12345678901234567890',
      f: Number('0.12345678901234567'),
    });
  });

  test('a bigint is validated as the number that it is', () => {
    expect(refusal({ n: 10n ** 20n })).toContain('$.n: must be <= 10000000000000000000');
  });

  test('what JSON cannot say is refused with its place', () => {
    for (const value of [NaN, Infinity, () => 1, Symbol('x'), new Map(), new Uint8Array(1), [undefined]]) {
      expect(refusal({ n: 1, x: [value] })).toContain('$.x[0]');
    }
    expect(refusal(undefined)).toContain('JSON has no such value');
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    expect(refusal(circle)).toContain('nested too deep, or in itself');
  });

  test('multiples of fractions are not lost to rounding', () => {
    const cents = json({ type: 'number', multipleOf: 0.01 });
    expect(cents.text(19.99)).toBe('19.99');
    expect(cents.refusal(19.995)).toContain('multiple of 0.01');
  });
});

test('an object that says what it is in JSON is validated as that', () => {
  const { text, refusal } = json({ properties: { at: { type: 'string' }, o: { type: 'object' } } });
  expect(text({ at: new Date(0) })).toBe('{"at":"1970-01-01T00:00:00.000Z"}');
  expect(refusal({ o: new Date(0) })).toContain('$.o: must be object');
  expect(text({ at: undefined })).toBe('{}');
});

test('an error points at the value', () => {
  const { refusal } = json({
    type: 'object',
    required: ['id'],
    additionalProperties: false,
    properties: { id: {}, lines: { items: { properties: { 'a/b': { type: 'string' } } } } },
  });
  expect(refusal({ id: 1, lines: [{}, { 'a/b': 3 }] })).toContain('$.lines[1]["a/b"]: must be string, and it is 3');
  expect(refusal({})).toContain("$: must have required property 'id'");
  expect(refusal({ id: 1, wrong: 2 })).toContain('$.wrong: is not allowed');
});

test('of alternatives the one that fits furthest is named', () => {
  const { refusal } = json({ anyOf: [{ type: 'null' }, { type: 'object', properties: { x: { type: 'integer' } } }] });
  expect(refusal({ x: '1' })).toContain('$.x: must be integer');
});

describe('drafts', () => {
  test('4: id, and exclusive bounds as booleans, in schemas only', () => {
    const schema = {
      $schema: 'http://json-schema.org/draft-04/schema#',
      id: 'http://shop/orders/order.json',
      properties: {
        n: { minimum: 3, exclusiveMinimum: true },
        id: { enum: [{ id: 'x', exclusiveMinimum: true }, 1] },
        d: { $ref: 'parts.json#/definitions/text' },
      },
    };
    const { text, refusal } = json(schema, [
      { name: 'parts.json', text: '{"definitions":{"text":{"type":"string"}}}' },
    ]);
    expect(text({ n: 4, d: 'x', id: { id: 'x', exclusiveMinimum: true } })).toContain('"n":4');
    expect(refusal({ n: 3 })).toContain('$.n: must be > 3');
    expect(refusal({ d: 1 })).toContain('$.d: must be string');
  });

  test('6 and 7: what stands beside a $ref does not count; const and if do', () => {
    for (const draft of ['draft-06', 'draft-07']) {
      const { text, refusal } = json({
        $schema: `http://json-schema.org/${draft}/schema#`,
        definitions: { t: { type: 'string' } },
        properties: { a: { $ref: '#/definitions/t', maxLength: 1 }, c: { const: 1 }, e: { exclusiveMinimum: 3 } },
      });
      expect(text({ a: 'long', c: 1 })).toBe('{"a":"long","c":1}');
      expect(refusal({ c: 2 })).toContain('$.c');
      expect(refusal({ e: 3 })).toContain('$.e');
    }
  });

  test('2019-09: unevaluated members, dependent schemas, siblings of a $ref', () => {
    const { refusal, text } = json({
      $schema: 'https://json-schema.org/draft/2019-09/schema',
      $defs: { t: { type: 'string' } },
      properties: { a: { $ref: '#/$defs/t', maxLength: 1 } },
      dependentRequired: { a: ['b'] },
      allOf: [{ properties: { b: true } }],
      unevaluatedProperties: false,
    });
    expect(text({ a: 'x', b: 1 })).toBe('{"a":"x","b":1}');
    expect(refusal({ a: 'xy', b: 1 })).toContain('$.a');
    expect(refusal({ a: 'x' })).toContain('must have property b');
    expect(refusal({ c: 1 })).toContain('$.c');
  });

  test('2020-12: tuples by prefixItems', () => {
    const { refusal, text } = json({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      prefixItems: [{ type: 'integer' }],
      items: { type: 'string' },
    });
    expect(text([1, 'x'])).toBe('[1,"x"]');
    expect(refusal([1, 2])).toContain('$[1]: must be string');
  });
});

test('a pattern that is valid without the Unicode flag only is used', () => {
  const { text, refusal } = json({ type: 'string', pattern: '^a\\-b$' });
  expect(text('a-b')).toBe('"a-b"');
  expect(refusal('ab')).toContain('must match pattern');
});

test('nothing is fetched: a reference to anything that is not given is refused', () => {
  const error = thrownBy(() => json({ $ref: 'http://example.com/schema.json' }).text(1));
  expect(error).toMatchObject({ code: 'SCHEMA_INVALID' });
  expect(error.message).toContain("can't resolve reference http://example.com/schema.json");
});

test('references go by name, by what the name means under the id, and on to others', () => {
  const { text, refusal } = json({ $id: 'http://shop/a/order.json', properties: { c: { $ref: 'customer.json' } } }, [
    { name: 'types.json', text: '{"$defs":{"name":{"type":"string"}}}' },
    {
      name: 'customer.json',
      text: '{"$id":"http://shop/a/customer.json","properties":{"n":{"$ref":"types.json#/$defs/name"}}}',
    },
  ]);
  expect(text({ c: { n: 'x' } })).toBe('{"c":{"n":"x"}}');
  expect(refusal({ c: { n: 1 } })).toContain('$.c.n: must be string');
});

describe('a value that is looked through only where its schema leaves something open', () => {
  const { text, refusal } = json({
    type: 'object',
    additionalProperties: false,
    properties: {
      name: { type: ['string', 'null'] },
      list: {
        type: 'array',
        items: { type: 'object', additionalProperties: false, properties: { n: { type: 'number' } } },
      },
      open: {},
    },
  });

  test('says what it always says', () => {
    expect(text({ name: null, list: [{ n: 1 }], open: { a: [1] } })).toBe(
      '{"name":null,"list":[{"n":1}],"open":{"a":[1]}}',
    );
    expect(text({ open: 2n ** 64n })).toBe('{"open":18446744073709551616}');
    expect(text({ list: [{ n: 2n ** 64n }] })).toBe('{"list":[{"n":18446744073709551616}]}');
    expect(text({ open: new Date(0) })).toBe('{"open":"1970-01-01T00:00:00.000Z"}');
  });

  test('and refuses what it always refuses', () => {
    expect(refusal(new Map())).toContain('JSON has no such value');
    expect(refusal({ list: [new Map()] })).toContain('$.list[0]: JSON has no such value');
    expect(refusal({ list: [{ n: NaN }] })).toContain('$.list[0].n');
    expect(refusal({ open: [() => 1] })).toContain('$.open[0]');
    expect(refusal({ name: undefined, list: [undefined] })).toContain('$.list[0]');
  });
});

test('payloads of every size keep their own bytes, whatever is encoded after them', () => {
  const schema = { id: 7, schemaType: 'JSON' as const, text: '{}', dependencies: [] };
  const texts = Array.from({ length: 60 }, (_, index) => 'aé€😀'.slice(0, 1 + (index % 5)).repeat(index * index));
  const payloads = texts.map((text) => encodePayload(schema, { text }));
  expect(payloads.map((bytes) => bytes.toString('hex', 0, 5))).toEqual(texts.map(() => '0000000007'));
  expect(payloads.map((bytes) => bytes.toString('utf8', 5))).toEqual(texts.map((text) => JSON.stringify({ text })));
});
