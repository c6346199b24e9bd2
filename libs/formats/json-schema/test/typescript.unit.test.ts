import { describe, expect, test } from '@jest/globals';
import { jsonSchemaFormat, jsonSchemaTypeScript } from '../src/index.ts';
import { compile } from './compile.ts';

const NEWER = { $schema: 'https://json-schema.org/draft/2020-12/schema' };
const source = (schema: unknown, dependencies: { name: string; text: string }[] = []): string =>
  jsonSchemaTypeScript(jsonSchemaFormat.parse(JSON.stringify(schema), dependencies), { rootName: 'Value' });

test('an order reads as one would write it', () => {
  const schema = {
    title: 'order-created',
    description: 'An order.',
    type: 'object',
    required: ['id', 'lines'],
    additionalProperties: false,
    properties: {
      id: { type: 'integer', description: 'Ours.\nNever reused.' },
      state: { enum: ['new', 'paid', null] },
      'ship-to': { type: ['string', 'null'] },
      lines: { type: 'array', items: { $ref: '#/definitions/order_line' } },
    },
    definitions: {
      order_line: { type: 'object', properties: { sku: { type: 'string' }, n: { const: 1 } }, required: ['sku'] },
    },
  };
  const text = jsonSchemaTypeScript(jsonSchemaFormat.parse(JSON.stringify(schema), []));
  expect(text).toBe(`/** An order. */
export type OrderCreated = {
  /**
   * Ours.
   * Never reused.
   */
  id: number | bigint;
  state?: "new" | "paid" | null;
  "ship-to"?: string | null;
  lines: OrderLine[];
};

export type OrderLine = {
  sku: string;
  n?: 1;
  [name: string]: unknown;
};
`);
});

const DRAFT_4 = { $schema: 'http://json-schema.org/draft-04/schema#' };
test.each([
  ['no bounds', { type: 'integer' }, 'number | bigint'],
  ['one bound', { type: 'integer', minimum: 0 }, 'number | bigint'],
  ['fractions, as large ones are whole', { type: 'number' }, 'number | bigint'],
  ['safe bounds', { type: 'integer', minimum: -(2 ** 53) + 1, maximum: 2 ** 53 - 1 }, 'number'],
  ['a bound that is too large', { type: 'integer', minimum: 0, maximum: 2 ** 53 }, 'number | bigint'],
  ['exclusive bounds', { type: 'integer', minimum: 0, exclusiveMaximum: 2 ** 53 }, 'number'],
  [
    'exclusive bounds of draft 4',
    { ...DRAFT_4, type: 'number', minimum: 0, maximum: 9, exclusiveMaximum: true },
    'number',
  ],
  ['alternatives', { type: ['null', 'integer', 'number'] }, 'null | number | bigint'],
  ['an array', { type: 'array', items: { type: 'integer' } }, '(number | bigint)[]'],
  ['a large constant', { const: 2 ** 60 }, 'number | bigint'],
])('%s: a whole number that may be beyond 2^53 is a bigint, too', (_name, schema, type) => {
  expect(source(schema)).toBe(`export type Value = ${type};\n`);
});

/** A schema, values that have to fit its type, and values that must not. */
const CASES: readonly (readonly [string, unknown, readonly unknown[], readonly unknown[]])[] = [
  ['anything', {}, [1, 'a', null], []],
  ['nothing', false, [], [1]],
  [
    'tuple',
    { type: 'array', items: [{ type: 'string' }, { type: 'number' }], additionalItems: false, minItems: 1 },
    [['a'], ['a', 1]],
    [[], ['a', 'b'], ['a', 1, 2]],
  ],
  [
    'open tuple',
    { type: 'array', items: [{ type: 'string' }], additionalItems: { type: 'boolean' } },
    [[], ['a', true]],
    [['a', 1]],
  ],
  [
    'tuple of 2020-12',
    { ...NEWER, type: 'array', prefixItems: [{ type: 'string' }], items: false },
    [['a'], []],
    [['a', 1]],
  ],
  ['map', { type: 'object', additionalProperties: { type: 'number' } }, [{}, { a: 1 }], [{ a: 'b' }]],
  [
    'map with declared properties',
    { type: 'object', properties: { s: { type: 'string' } }, additionalProperties: { type: 'number' } },
    [{ s: 'a', n: 1 }, { n: 1 }],
    [{ n: true }],
  ],
  [
    'patterns',
    { type: 'object', patternProperties: { '^n_': { type: 'number' } }, additionalProperties: false },
    [{ n_a: 1 }],
    [{ n_a: 'a' }],
  ],
  ['closed and empty', { type: 'object', additionalProperties: false }, [{}], [{ a: 1 }]],
  [
    'recursion',
    { type: 'object', properties: { next: { $ref: '#' }, v: { type: 'number' } }, additionalProperties: false },
    [{ next: { next: { v: 1 } } }],
    [{ next: { v: 'a' } }],
  ],
  [
    'recursion through a union',
    { anyOf: [{ type: 'string' }, { type: 'array', items: { $ref: '#' } }] },
    ['a', ['a', ['b']]],
    [[1]],
  ],
  ['a union with itself', { anyOf: [{ type: 'string' }, { $ref: '#' }] }, ['a'], [1]],
  [
    'two that need each other',
    {
      $ref: '#/definitions/a',
      definitions: {
        a: { anyOf: [{ $ref: '#/definitions/b' }, { type: 'string' }] },
        b: { anyOf: [{ $ref: '#/definitions/a' }, { type: 'number' }] },
      },
    },
    ['a'],
    [],
  ],
  [
    'allOf',
    {
      allOf: [
        { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] },
        { type: 'object', properties: { b: { type: 'number' } }, required: ['b'] },
      ],
    },
    [{ a: 'x', b: 1 }],
    [{ a: 'x' }, { b: 1 }],
  ],
  [
    'base and more',
    {
      ...NEWER,
      $ref: '#/$defs/base',
      required: ['c'],
      type: 'object',
      properties: { c: { type: 'number' } },
      $defs: { base: { type: 'object', properties: { a: { type: 'string' } } } },
    },
    [{ a: 'x', c: 1 }],
    [{ a: 1, c: 1 }, { a: 'x' }],
  ],
  [
    'discriminated',
    {
      oneOf: [
        { type: 'object', properties: { kind: { const: 'a' }, x: { type: 'number' } }, required: ['kind', 'x'] },
        { type: 'object', properties: { kind: { const: 'b' } }, required: ['kind'] },
      ],
    },
    [{ kind: 'a', x: 1 }, { kind: 'b' }],
    [{ kind: 'c' }, { kind: 'a', x: 'y' }],
  ],
  ['values of all kinds', { enum: [1, 'a', null, true, { a: [1, 'b'] }, {}] }, [1, { a: [1, 'b'] }], [2, 'b', false]],
  ['required but not declared', { type: 'object', required: ['a'] }, [{ a: 1 }], [{}]],
  [
    'names that are no identifiers',
    {
      type: 'object',
      properties: {
        'a-b': { type: 'string' },
        '1': { type: 'string' },
        'q"\\': { type: 'string' },
        __proto__: { type: 'string' },
        class: { type: 'string' },
      },
    },
    [{ 'a-b': 'x', class: 'y' }],
    [{ 'a-b': 1 }],
  ],
  [
    'types called like the built-in ones',
    {
      type: 'object',
      properties: {
        a: { $ref: '#/definitions/Array' },
        b: { $ref: '#/definitions/array' },
        c: { $ref: '#/definitions/9' },
      },
      definitions: {
        Array: { type: 'array', items: { type: 'string' } },
        array: { type: 'number' },
        9: { type: 'null' },
      },
    },
    [{ a: ['x'], b: 1, c: null }],
    [{ a: [1] }],
  ],
  [
    'a comment that would end the comment',
    { description: 'x */ y', type: 'object', properties: { a: { type: 'string', description: 'q */ r\n*/' } } },
    [{ a: 'x' }],
    [],
  ],
];

describe('types compile under strict and hold the values', () => {
  const sources = CASES.map(([, schema]) => source(schema));
  const check = (type: string, values: readonly unknown[]): string[] =>
    values.map((value) => `${type}export const checked: Value = ${JSON.stringify(value)};\n`);
  const all = CASES.flatMap(([, , fitting, others], index) => [
    sources[index]!,
    ...check(sources[index]!, fitting),
    ...check(sources[index]!, others),
  ]);
  const results = compile(all);

  test.each(CASES.map(([title], index) => [title, index] as const))('%s', (_title, index) => {
    const before = CASES.slice(0, index).reduce(
      (sum, [, , fitting, others]) => sum + 1 + fitting.length + others.length,
      0,
    );
    const [, , fitting, others] = CASES[index]!;
    const own = results.slice(before, before + 1 + fitting.length + others.length);
    expect([sources[index], own[0]]).toEqual([sources[index], []]);
    expect(own.slice(1, 1 + fitting.length)).toEqual(fitting.map(() => []));
    const refused = own.slice(1 + fitting.length).map((errors) => errors.length > 0);
    expect(refused).toEqual(others.map(() => true));
  });
});

test('schemas that are referred to are declared once, by the name of the reference', () => {
  const text = source(
    {
      type: 'object',
      properties: { a: { $ref: 'com.acme/address.json' }, b: { $ref: 'com.acme/address.json#/definitions/zip' } },
    },
    [
      {
        name: 'com.acme/address.json',
        text: JSON.stringify({
          type: 'object',
          properties: { zip: { $ref: '#/definitions/zip' } },
          definitions: { zip: { type: 'string' } },
        }),
      },
    ],
  );
  expect(text.match(/export type \w+/g)).toEqual(['export type Value', 'export type Address', 'export type Zip']);
  expect(compile([text])).toEqual([[]]);
});
