import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { avroFormat } from '../src/index.ts';
import { dependenciesOf, GOLDEN } from './golden.ts';

/** Which defaults Avro 1.12.1 for Java takes for a type, and which it refuses. */
interface GoldenDefaults {
  readonly type: string;
  readonly fits: readonly string[];
  readonly doesNotFit: readonly string[];
}
const DEFAULTS = JSON.parse(
  readFileSync(new URL('defaults.golden.json', import.meta.url), 'utf8'),
) as readonly GoldenDefaults[];

const validate = (text: string, references: readonly string[] = []): void =>
  avroFormat.validate(avroFormat.parse(text, dependenciesOf({ references })), { fields: true });
const withDefault = (type: string, value: string): string =>
  `{"type":"record","name":"R","fields":[{"name":"f","type":${type},"default":${value}}]}`;
const invalid = expect.objectContaining({ code: 'SCHEMA_INVALID' });

const rows = (outcome: 'fits' | 'doesNotFit'): [string, string][] =>
  DEFAULTS.flatMap((golden) => golden[outcome].map((value): [string, string] => [golden.type, value]));

test.each(rows('fits'))('a field of type %s can have the default %s', (type, value) => {
  expect(() => validate(withDefault(type, value))).not.toThrow();
});

test.each(rows('doesNotFit'))('a field of type %s cannot have the default %s', (type, value) => {
  expect(() => validate(withDefault(type, value))).toThrow(invalid);
});

// Java checks a default against a placeholder when the type is defined later, and so takes objects alone; here the type counts.
const LATER = 'default of a type that is defined later';
const accepted = GOLDEN.filter(({ refused, name }) => refused === undefined && name !== LATER);

test.each(accepted)('valid where Java says so: $name', (golden) => {
  const check = (): void => validate(golden.schema, golden.references);
  if (golden.strict === false) expect(check).toThrow(invalid);
  else expect(check).not.toThrow();
});

test('the message says which field, which value, which type, and where', () => {
  const inner = '{"type":"record","name":"S","fields":[{"name":"n","type":["null","int"],"default":"x"}]}';
  expect(() =>
    validate(`{"type":"record","name":"R","fields":[{"name":"s","type":{"type":"array","items":${inner}}}]}`),
  ).toThrow(
    'Invalid Avro schema: Invalid default for field n: "x" not a ["null","int"] (at /fields/0/type/items/fields/0)',
  );
});

test('defaults of referenced types are checked too', () => {
  const reference = withDefault('"int"', '"x"');
  expect(() => validate('{"type":"array","items":"R"}', [reference])).toThrow(invalid);
});

test('parsing alone takes any default, so that what is stored can be read', () => {
  expect(() => avroFormat.parse(withDefault('"int"', '"x"'), [])).not.toThrow();
});

test('a default is checked against a type that is defined later', () => {
  const later = (value: string): string =>
    `{"type":"record","name":"R","fields":[{"name":"a","type":"S","default":${value}},` +
    '{"name":"b","type":{"type":"record","name":"S","fields":[{"name":"n","type":"int"}]}}]}';
  expect(() => validate(later('{"n":1}'))).not.toThrow();
  expect(() => validate(later('{"n":"1"}'))).toThrow(invalid);
});

test('a default that holds itself by way of a recursive record is refused', () => {
  expect(() => validate(withDefault('["null","R"]', '{}'))).toThrow(invalid);
  expect(() => validate(withDefault('["null","R"]', '{"f":{"f":null}}'))).not.toThrow();
});

test('types that use each other twice are checked once', () => {
  // Without a memory of what was found, the default of T60 would take 2^60 steps.
  const types = ['{"type":"record","name":"T0","fields":[{"name":"v","type":"int","default":1}]}'];
  for (let index = 1; index <= 60; index += 1) {
    const fields = ['a', 'b'].map((name) => `{"name":"${name}","type":"T${index - 1}","default":{}}`);
    types.push(`{"type":"record","name":"T${index}","fields":[${fields.join()}]}`);
  }
  expect(() => validate(`[${types.join()}]`)).not.toThrow();
});
