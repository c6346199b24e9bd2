import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { seededRandom, testSeed } from '#libs/foundation/testing';
import { avroFormat } from '../src/index.ts';
import { randomSchema } from './random-schema.ts';

const seed = testSeed();
console.log(`seed ${seed}`);

const texts = fc.integer().map((schemaSeed) => JSON.stringify(randomSchema(seededRandom(schemaSeed))));
const property = (name: string, holds: (text: string) => void): void =>
  test(name, () => fc.assert(fc.property(texts, holds), { seed, numRuns: 500 }));

property('canonical text is a fixpoint, and the same schema', (text) => {
  const schema = avroFormat.parse(text, []);
  const canonical = avroFormat.canonicalText(schema);
  const again = avroFormat.parse(canonical, []);
  expect(avroFormat.canonicalText(again)).toBe(canonical);
  expect(avroFormat.equivalent(schema, again)).toBe(true);
});

property('canonical text does not depend on space, or on the order of members', (text) => {
  const canonical = avroFormat.canonicalText(avroFormat.parse(text, []));
  const shuffled = JSON.stringify(JSON.parse(text, membersReversed), null, 2);
  expect(avroFormat.canonicalText(avroFormat.parse(shuffled, []))).toBe(canonical);
});

property('normalizing is idempotent', (text) => {
  const once = avroFormat.normalize(avroFormat.parse(text, []));
  const normal = avroFormat.canonicalText(once);
  expect(avroFormat.canonicalText(avroFormat.normalize(once))).toBe(normal);
  expect(avroFormat.canonicalText(avroFormat.normalize(avroFormat.parse(normal, [])))).toBe(normal);
});

property('the resolved text needs no references and is the same schema', (text) => {
  const dependency = { name: 'dependency', text };
  const schema = avroFormat.parse('{"type":"array","items":"long"}', [dependency]);
  expect(avroFormat.canonicalText(schema)).toBe('{"type":"array","items":"long"}');
  const direct = avroFormat.parse(text, []);
  const resolved = avroFormat.parse(avroFormat.formattedText(direct, 'resolved'), []);
  expect(avroFormat.equivalent(direct, resolved)).toBe(true);
});

/** Members of objects in the opposite order, which for schemas means nothing. Defaults here have at most one member. */
function membersReversed(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).reverse());
}
