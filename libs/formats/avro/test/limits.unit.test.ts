import { expect, test } from '@jest/globals';
import { SCHEMA_LIMITS } from '#libs/formats/schema';
import { avroFormat, avroTypeScript } from '../src/index.ts';

const tooComplex = expect.objectContaining({ code: 'SCHEMA_TOO_COMPLEX' });
const parse = (text: string, limits = SCHEMA_LIMITS) => avroFormat.parse(text, [], limits);
const nested = (depth: number): string => '{"type":"array","items":'.repeat(depth) + '"int"' + '}'.repeat(depth);

test('a text that nests too deep is refused, far below where the stack would end', () => {
  expect(() => parse(nested(150))).not.toThrow();
  expect(() => parse(nested(201))).toThrow(tooComplex);
  expect(() => parse(nested(40_000))).toThrow(tooComplex);
  expect(() => parse('['.repeat(500_000))).toThrow(tooComplex);
});

test('a flat text whose types nest too deep once they are in place is refused', () => {
  // Each type is defined after the one that uses it, so that the first one would be printed with all the others inside.
  const chain = (length: number): string =>
    JSON.stringify(
      Array.from({ length }, (_, index) => ({
        type: 'record',
        name: `T${index}`,
        fields: [{ name: 'next', type: index + 1 < length ? `T${index + 1}` : 'int' }],
      })),
    );
  const schema = parse(chain(60));
  expect(() => parse(avroFormat.canonicalText(schema))).not.toThrow();
  expect(() => parse(chain(80))).toThrow(tooComplex);
  expect(() => parse(chain(10_000))).toThrow(tooComplex);
});

test('more types, fields and symbols than allowed are refused', () => {
  const symbols = Array.from({ length: 500 }, (_, index) => `S${index}`);
  const text = JSON.stringify({ type: 'enum', name: 'E', symbols });
  expect(() => parse(text, { ...SCHEMA_LIMITS, nodesMax: 600 })).not.toThrow();
  expect(() => parse(text, { ...SCHEMA_LIMITS, nodesMax: 400 })).toThrow(tooComplex);
});

test('what a schema references counts as well', () => {
  const symbols = Array.from({ length: 20 }, (_, index) => `S${index}`);
  const dependencies = ['A', 'B', 'C'].map((name) => ({ name, text: JSON.stringify({ type: 'enum', name, symbols }) }));
  const within = (nodesMax: number) => () => avroFormat.parse('"A"', dependencies, { ...SCHEMA_LIMITS, nodesMax });
  expect(within(64)).not.toThrow();
  expect(within(63)).toThrow(tooComplex);
});

test('a text larger than allowed is refused', () => {
  expect(() => parse(`"int"${' '.repeat(2_000)}`, { ...SCHEMA_LIMITS, textBytesMax: 1_000 })).toThrow(tooComplex);
});

test('the largest schemas allowed are parsed, printed, normalized, compared and typed in a second', () => {
  const fields = Array.from({ length: 8_000 }, (_, index) => ({
    name: `field${index}`,
    type: ['null', { type: 'record', name: `T${index}`, fields: [] }],
    default: null,
  }));
  const text = JSON.stringify({ type: 'record', name: 'R', fields });
  const started = performance.now();
  const schema = parse(text);
  expect(avroFormat.canonicalText(schema)).toHaveLength(text.length);
  expect(avroFormat.equivalent(schema, avroFormat.normalize(schema))).toBe(true);
  avroFormat.validate(schema, { fields: true });
  expect(avroTypeScript(schema)).toContain('field7999: null | T7999;');
  expect(performance.now() - started).toBeLessThan(5_000);
});
