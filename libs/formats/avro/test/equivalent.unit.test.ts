import { expect, test } from '@jest/globals';
import { avroFormat, type AvroSchema } from '../src/index.ts';

const parse = (schema: unknown, references: readonly string[] = []): AvroSchema =>
  avroFormat.parse(
    JSON.stringify(schema),
    references.map((text, index) => ({ name: String(index), text })),
  );
const same = (a: unknown, b: unknown): boolean => avroFormat.equivalent(parse(a), parse(b));

const field = (more: object): unknown => ({
  type: 'record',
  name: 'n.R',
  fields: [{ name: 'f', type: 'int', ...more }],
});
const enumOf = (more: object): unknown => ({ type: 'enum', name: 'E', symbols: ['A', 'B'], ...more });
const fixed = (more: object): unknown => ({ type: 'fixed', name: 'F', size: 2, ...more });

test('a schema sent with its references written out is the one stored with references', () => {
  const money = { type: 'record', name: 'shop.Money', doc: 'd', fields: [{ name: 'cents', type: 'long' }] };
  const order = (type: unknown): unknown => ({
    type: 'record',
    name: 'shop.Order',
    fields: [
      { name: 'price', type },
      { name: 'tax', type: 'shop.Money' },
    ],
  });
  const stored = parse(order('shop.Money'), [JSON.stringify(money)]);
  expect(avroFormat.canonicalText(stored)).not.toBe(avroFormat.canonicalText(parse(order(money))));
  expect(avroFormat.equivalent(stored, parse(order(money)))).toBe(true);
  expect(avroFormat.equivalent(stored, parse(order({ ...money, doc: 'e' })))).toBe(false);
});

test.each<[what: string, a: unknown, b: unknown]>([
  ['members in another order', { type: 'string', a: 1, b: 2 }, { b: 2, a: 1, type: 'string' }],
  [
    'a name written with its namespace',
    { type: 'fixed', name: 'n.F', size: 1 },
    { type: 'fixed', name: 'F', namespace: 'n', size: 1 },
  ],
  ['a primitive as an object', 'int', { type: 'int' }],
  ['aliases in another order', field({ aliases: ['a', 'b'] }), field({ aliases: ['b', 'a'] })],
  [
    'members of a default in another order',
    { type: 'string', p: { a: 1, b: 2 } },
    { type: 'string', p: { b: 2, a: 1 } },
  ],
])('the same: %s', (_, a, b) => {
  expect(same(a, b)).toBe(true);
});

test.each<[what: string, a: unknown, b: unknown]>([
  ['kinds', 'int', 'long'],
  ['namespaces', { type: 'fixed', name: 'n.F', size: 1 }, { type: 'fixed', name: 'm.F', size: 1 }],
  ['field names', field({}), field({ name: 'g' })],
  ['numbers of fields', field({}), { type: 'record', name: 'n.R', fields: [] }],
  ['types of fields', field({}), field({ type: 'long' })],
  ['defaults', field({ default: 1 }), field({ default: 2 })],
  ['a default and none', field({ default: 1 }), field({})],
  ['orders', field({ order: 'ignore' }), field({})],
  ['properties of fields', field({ p: 1 }), field({ p: 2 })],
  ['docs of fields', field({ doc: 'a' }), field({})],
  ['aliases of fields', field({ aliases: ['a'] }), field({})],
  ['properties', { type: 'string', p: 1 }, { type: 'string', q: 1 }],
  ['symbols', enumOf({}), enumOf({ symbols: ['B', 'A'] })],
  ['defaults of enums', enumOf({ default: 'A' }), enumOf({})],
  ['docs of enums', enumOf({ doc: 'a' }), enumOf({})],
  ['names of enums', enumOf({}), enumOf({ name: 'G' })],
  ['sizes', fixed({}), fixed({ size: 3 })],
  ['aliases of fixeds', fixed({ aliases: ['G'] }), fixed({})],
  ['items', { type: 'array', items: 'int' }, { type: 'array', items: 'long' }],
  ['docs inside maps', { type: 'map', values: enumOf({ doc: 'a' }) }, { type: 'map', values: enumOf({}) }],
  ['docs inside arrays', { type: 'array', items: fixed({ doc: 'a' }) }, { type: 'array', items: fixed({}) }],
  ['array and map', { type: 'array', items: 'int' }, { type: 'map', values: 'int' }],
  ['order of branches', ['null', 'int'], ['int', 'null']],
  ['numbers of branches', ['null', 'int'], ['null']],
  ['docs inside unions', ['null', fixed({ doc: 'a' })], ['null', fixed({})]],
  ['a union and its branch', ['int'], 'int'],
])('not the same: other %s', (_, a, b) => {
  expect(same(a, b)).toBe(false);
  expect(same(b, a)).toBe(false);
});

test('recursive schemas are compared to their end', () => {
  const list = (last: string): unknown => ({
    type: 'record',
    name: 'L',
    fields: [
      { name: 'next', type: ['null', 'L'] },
      { name: 'v', type: last },
    ],
  });
  expect(same(list('int'), list('int'))).toBe(true);
  expect(same(list('int'), list('long'))).toBe(false);
});
