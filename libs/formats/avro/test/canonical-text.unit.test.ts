import { expect, test } from '@jest/globals';
import { avroFormat, type AvroSchema } from '../src/index.ts';
import { dependenciesOf, GOLDEN, type GoldenSchema } from './golden.ts';

const accepted = GOLDEN.filter(({ refused }) => refused === undefined);
const parse = (golden: GoldenSchema): AvroSchema => avroFormat.parse(golden.schema, dependenciesOf(golden));

test.each(accepted)('canonical text as Java prints it: $name', (golden) => {
  expect(avroFormat.canonicalText(parse(golden))).toBe(golden.canonical);
});

test.each(accepted)('parsing a canonical text yields it again: $name', (golden) => {
  const again = avroFormat.parse(golden.canonical, dependenciesOf(golden));
  expect(avroFormat.canonicalText(again)).toBe(golden.canonical);
});

test.each(accepted)('format=resolved holds every type, any other format is the canonical text: $name', (golden) => {
  const schema = parse(golden);
  expect(avroFormat.formattedText(schema, 'resolved')).toBe(golden.resolved ?? golden.canonical);
  expect(avroFormat.formattedText(schema, 'serialized')).toBe(golden.canonical);
});

test.each(accepted)('a logical type counts where Java takes it for valid: $name', (golden) => {
  const { root } = parse(golden);
  expect('logicalType' in root ? root.logicalType?.name : undefined).toBe(golden.logicalType);
});

test.each(GOLDEN.filter(({ refused }) => refused))('$name', (golden) => {
  expect(() => parse(golden)).toThrow(expect.objectContaining({ code: 'SCHEMA_INVALID' }));
});
