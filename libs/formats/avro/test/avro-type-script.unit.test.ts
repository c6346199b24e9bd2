import { expect, test } from '@jest/globals';
import ts from 'typescript';
import { avroFormat, avroTypeScript } from '../src/index.ts';
import { dependenciesOf, GOLDEN } from './golden.ts';

const generate = (schema: unknown, rootName?: string, references: readonly string[] = []): string =>
  avroTypeScript(
    avroFormat.parse(JSON.stringify(schema), dependenciesOf({ references })),
    rootName === undefined ? {} : { rootName },
  );

const LIB = ts.createSourceFile(
  'lib.d.ts',
  // The few global types that generated text and the tests use, so that a compilation takes milliseconds.
  `interface Array<T> { [n: number]: T; length: number } interface Uint8Array { readonly byteLength: number }
   type Record<K extends keyof any, T> = { [P in K]: T };
   interface Boolean {} interface CallableFunction {} interface Function {} interface IArguments {} interface NewableFunction {}
   interface Number {} interface Object {} interface RegExp {} interface String {} interface BigInt {}`,
  ts.ScriptTarget.ES2022,
);

/** What the compiler has to say of a text under `strict`. */
function compile(text: string): string[] {
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    noLib: true,
    target: ts.ScriptTarget.ES2022,
    types: [],
  };
  const files = new Map([
    ['lib.d.ts', LIB],
    ['value.ts', ts.createSourceFile('value.ts', text, ts.ScriptTarget.ES2022)],
  ]);
  const host: ts.CompilerHost = {
    ...ts.createCompilerHost(options),
    getSourceFile: (name) => files.get(name),
    fileExists: (name) => files.has(name),
    readFile: () => undefined,
  };
  const program = ts.createProgram([...files.keys()], options, host);
  return ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

test('a record with one of everything', () => {
  const schema = {
    type: 'record',
    name: 'com.shop.Order',
    doc: 'An order.',
    fields: [
      { name: 'id', type: { type: 'string', logicalType: 'uuid' } },
      { name: 'paid', type: 'boolean', default: false },
      { name: 'items', type: 'int', doc: 'How many.\nAt least one.' },
      { name: 'weight', type: 'double' },
      { name: 'number', type: 'long' },
      { name: 'total', type: { type: 'bytes', logicalType: 'decimal', precision: 9, scale: 2 }, doc: 'With tax.' },
      { name: 'at', type: { type: 'long', logicalType: 'timestamp-millis' } },
      { name: 'day', type: { type: 'int', logicalType: 'date' } },
      { name: 'picture', type: 'bytes' },
      { name: 'digest', type: { type: 'fixed', name: 'Digest', size: 32 } },
      { name: 'fee', type: { type: 'fixed', name: 'Fee', size: 4, logicalType: 'decimal', precision: 5 } },
      { name: 'state', type: { type: 'enum', name: 'State', symbols: ['NEW', 'SENT'], doc: 'Where it is.' } },
      { name: 'note', type: ['null', 'string'], default: null },
      { name: 'tags', type: { type: 'array', items: 'string' } },
      { name: 'prices', type: { type: 'map', values: { type: 'array', items: ['null', 'long'] } } },
      { name: 'parent', type: ['null', 'Order'] },
      { name: 'empty', type: { type: 'record', name: 'Empty', fields: [] } },
      { name: 'nothing', type: 'null' },
    ],
  };
  expect(generate(schema)).toBe(`/** An order. */
export interface Order {
  /** Avro uuid. */
  id: string;
  paid: boolean;
  /**
   * How many.
   * At least one.
   */
  items: number;
  weight: number;
  number: bigint;
  /**
   * With tax.
   * Avro decimal, 9 digits, 2 of them after the point.
   */
  total: string;
  /** Avro timestamp-millis. */
  at: bigint;
  /** Avro date. */
  day: number;
  picture: Uint8Array;
  digest: Digest;
  fee: Fee;
  state: State;
  note: null | string;
  tags: Array<string>;
  prices: Record<string, Array<null | bigint>>;
  parent: null | Order;
  empty: Empty;
  nothing: null;
}

export type Digest = Uint8Array;

/** Avro decimal, 5 digits, 0 of them after the point. */
export type Fee = string;

/** Where it is. */
export type State = "NEW" | "SENT";

export type Empty = Record<string, never>;
`);
  expect(compile(generate(schema))).toEqual([]);
});

test('a union whose values can be told apart is a union of them', () => {
  expect(generate(['null', 'boolean', 'int', 'long', 'string', 'bytes', { type: 'array', items: 'int' }])).toBe(
    'export type Value = null | boolean | number | bigint | string | Uint8Array | Array<number>;\n',
  );
  expect(generate(['null', { type: 'record', name: 'n.Card', fields: [{ name: 'number', type: 'string' }] }])).toBe(
    'export type Value = null | Card;\n\nexport interface Card {\n  number: string;\n}\n',
  );
});

test.each([
  [['null', 'int', 'double'], 'null | { "int": number } | { "double": number }'],
  [['string', { type: 'bytes', logicalType: 'decimal', precision: 4 }], '{ "string": string } | { "bytes": string }'],
  [['string', { type: 'enum', name: 'n.E', symbols: ['A'] }], '{ "string": string } | { "n.E": E }'],
  [['bytes', { type: 'fixed', name: 'F', size: 1 }], '{ "bytes": Uint8Array } | { "F": F }'],
  [
    [
      { type: 'record', name: 'a.R', fields: [] },
      { type: 'map', values: 'int' },
    ],
    '{ "a.R": R } | { "map": Record<string, number> }',
  ],
])('a union with two branches of one kind says the branch: %j', (schema, expected) => {
  expect(generate(schema).split('\n')[0]).toBe(`export type Value = ${expected};`);
});

test('the root takes the name that is asked for', () => {
  const node = { type: 'record', name: 'Node', fields: [{ name: 'next', type: ['null', 'Node'] }] };
  expect(generate(node, 'OrdersValue')).toBe('export interface OrdersValue {\n  next: null | OrdersValue;\n}\n');
  expect(generate('long', 'my-topic.value')).toBe('export type my_topic_value = bigint;\n');
  expect(generate({ type: 'array', items: node }, 'Node')).toContain('export type Node = Array<Node_2>;');
});

test('names that several types share, and names that TypeScript has taken', () => {
  const named = (name: string) => ({ type: 'enum', name, symbols: ['A'] });
  const schema = [
    named('a.Money'),
    named('b.Money'),
    named('b.Record'),
    named('c.number'),
    named('Uint8Array'),
    named('a_Money'),
  ];
  const text = generate(schema);
  const declared = [...text.matchAll(/^export type (\S+) =/gm)].map(([, name]) => name);
  expect(declared).toEqual(['Value', 'a_Money', 'b_Money', 'Record_2', 'number_2', 'Uint8Array_2', 'a_Money_2']);
  expect(compile(text)).toEqual([]);
});

test('referenced types are declared with it', () => {
  const money = '{"type":"record","name":"shop.Money","fields":[{"name":"cents","type":"long"}]}';
  const text = generate({ type: 'record', name: 'P', fields: [{ name: 'price', type: 'shop.Money' }] }, undefined, [
    money,
  ]);
  expect(text).toBe('export interface P {\n  price: Money;\n}\n\nexport interface Money {\n  cents: bigint;\n}\n');
});

test('a doc cannot end its comment', () => {
  const text = generate({ type: 'enum', name: 'E', symbols: ['A'], doc: 'x */ export const y = 1; /*\u2028z' });
  expect(compile(text)).toEqual([]);
  expect(text).not.toMatch(/\*\/ export const/);
});

test.each(GOLDEN.filter(({ refused }) => refused === undefined))('compiles under strict: $name', (golden) => {
  const schema = avroFormat.parse(golden.schema, dependenciesOf(golden));
  expect(compile(avroTypeScript(schema, { rootName: 'Root' }))).toEqual([]);
});

test('the compiler takes decoded values and refuses others', () => {
  const schema = {
    type: 'record',
    name: 'R',
    fields: [
      { name: 'n', type: 'long' },
      { name: 'u', type: ['null', 'string'] },
      { name: 'e', type: { type: 'enum', name: 'E', symbols: ['A'] } },
    ],
  };
  const withValue = (value: string): string[] => compile(`${generate(schema)}\nconst value: R = ${value};`);
  expect(withValue('{ n: 1n, u: null, e: "A" }')).toEqual([]);
  expect(withValue('{ n: 1, u: null, e: "A" }')).toEqual(["Type 'number' is not assignable to type 'bigint'."]);
  expect(withValue('{ n: 1n, u: null, e: "B" }')).toEqual([`Type '"B"' is not assignable to type '"A"'.`]);
  expect(withValue('{ n: 1n, e: "A" }')).toHaveLength(1);
});
