import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { SchemaTags } from '#libs/formats/schema';
import { avroFormat, avroTagging, type AvroType } from '../src/index.ts';
import { randomSchema } from './random-schema.ts';

const record = (path: string, ...tags: string[]): SchemaTags => ({
  schemaEntity: { entityPath: path, entityType: 'sr_record' },
  tags,
});
const field = (path: string, ...tags: string[]): SchemaTags => ({
  schemaEntity: { entityPath: path, entityType: 'sr_field' },
  tags,
});
const parse = (text: string, ...references: string[]) =>
  avroFormat.parse(
    text,
    references.map((reference, index) => ({ name: String(index), text: reference })),
  );
const change = (text: string, add: SchemaTags[], remove: SchemaTags[] = []): string =>
  avroTagging.change(parse(text), add, remove, 'refuse');

const ORDER =
  '{"type":"record","name":"Order","namespace":"com.acme","doc":"d","fields":[' +
  '{"name":"id","type":"string","default":"","order":"ignore","aliases":["key"],"x":1.0},' +
  '{"name":"lines","type":{"type":"array","items":{"type":"record","name":"Line","fields":[' +
  '{"name":"sku","type":"string"},{"name":"parent","type":["null","Order"]}]}}},' +
  '{"name":"note","type":["null",{"type":"map","values":{"type":"record","name":"Note","namespace":"","fields":[]}}]}' +
  '],"y":[2],"aliases":["Old"]}';

/** Tags for every record and field, in the order of the text. */
function everyPlace(type: AvroType, seen = new Set<AvroType>()): SchemaTags[] {
  if (type.kind === 'array') return everyPlace(type.items, seen);
  if (type.kind === 'map') return everyPlace(type.values, seen);
  if (type.kind === 'union') return type.branches.flatMap((branch) => everyPlace(branch, seen));
  if (type.kind !== 'record' || seen.has(type)) return [];
  seen.add(type);
  const { full } = type.name;
  const fields = type.fields.map(({ name }) => field(`${full}.${name}`, 'F', name));
  return [record(full, 'A', 'B'), ...fields, ...type.fields.flatMap((each) => everyPlace(each.type, seen))];
}

describe('the tags of an Avro schema', () => {
  test('are a property of the records and fields that full names lead to, and all else stays', () => {
    const tagged = change(ORDER, [
      record('com.acme.Order', 'A'),
      field('com.acme.Order.id', 'PII', 'B'),
      field('com.acme.Line.sku', 'PII'),
      record('Note', 'N'),
    ]);
    expect(tagged).toBe(
      ORDER.replace('"x":1.0', '"x":1.0,"confluent:tags":["PII","B"]')
        .replace('{"name":"sku","type":"string"', '{"name":"sku","type":"string","confluent:tags":["PII"]')
        .replace('"namespace":"","fields":[]', '"namespace":"","fields":[],"confluent:tags":["N"]')
        .replace('"y":[2]', '"y":[2],"confluent:tags":["A"]'),
    );
    expect(avroFormat.canonicalText(parse(tagged))).toBe(tagged);
    expect(avroTagging.find(parse(tagged))).toEqual([
      record('com.acme.Order', 'A'),
      field('com.acme.Order.id', 'PII', 'B'),
      field('com.acme.Line.sku', 'PII'),
      record('Note', 'N'),
    ]);
  });

  test('are added once and in order, also by a path with a leading dot', () => {
    const once = change(ORDER, [field('com.acme.Order.id', 'B', 'A'), field('.com.acme.Order.id', 'A', 'C')]);
    expect(avroTagging.find(parse(once))).toEqual([field('com.acme.Order.id', 'B', 'A', 'C')]);
    expect(change(once, [field('com.acme.Order.id', 'C', 'B')])).toBe(once);
  });

  test('are removed after others are added, and the last one takes the property along', () => {
    const tagged = change(ORDER, [field('com.acme.Line.sku', 'A', 'B')]);
    const one = change(tagged, [field('com.acme.Line.sku', 'C')], [field('com.acme.Line.sku', 'A', 'C', 'unknown')]);
    expect(avroTagging.find(parse(one))).toEqual([field('com.acme.Line.sku', 'B')]);
    expect(change(one, [], [field('com.acme.Line.sku', 'B')])).toBe(ORDER);
  });

  test('keep the place of their property among the others', () => {
    const text = '{"type":"record","name":"R","fields":[],"a":1,"confluent:tags":["T"],"b":2}';
    expect(change(text, [record('R', 'U')])).toBe(text.replace('["T"]', '["T","U"]'));
  });

  test.each([
    ['an unknown field', field('com.acme.Order.missing', 'T')],
    ['a record without its namespace', record('Order', 'T')],
    ['a record that is asked for as a field', field('com.acme.Order', 'T')],
    ['a field that is asked for as a record', record('com.acme.Order.id', 'T')],
    ['two leading dots', record('..com.acme.Order', 'T')],
    ['a path that is too long to be one', field('x'.repeat(5000), 'T')],
  ])('%s is refused by its path', (_, tags) => {
    const message = `'${tags.schemaEntity.entityPath.slice(0, 200)}`;
    const refused = expect.objectContaining({ code: 'SCHEMA_INVALID', message: expect.stringContaining(message) });
    expect(() => change(ORDER, [tags])).toThrow(refused);
    expect(() => change(ORDER, [], [tags])).toThrow(refused);
    expect(avroTagging.change(parse(ORDER), [tags, record('Note', 'N')], [], 'skip')).toBe(
      change(ORDER, [record('Note', 'N')]),
    );
  });

  test('of a referenced schema are found and not changed', () => {
    const line = '{"type":"record","name":"Line","fields":[{"name":"sku","type":"string","confluent:tags":["PII"]}]}';
    const order = parse('{"type":"record","name":"Order","fields":[{"name":"line","type":"Line"}]}', line);
    expect(avroTagging.find(order)).toEqual([field('Line.sku', 'PII')]);
    expect(() => avroTagging.change(order, [], [field('Line.sku', 'PII')], 'refuse')).toThrow(/referenced schema/);
    expect(avroTagging.change(order, [field('Line.sku', 'X')], [], 'skip')).toBe(avroFormat.canonicalText(order));
  });

  test('anywhere in generated schemas: the text is canonical, the tags are found, and removing them gives the text back', () => {
    fc.assert(
      fc.property(fc.infiniteStream(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })), (numbers) => {
        const schema = parse(JSON.stringify(randomSchema(() => numbers.next().value)));
        const text = avroFormat.canonicalText(schema);
        const tags = everyPlace(schema.root);
        const tagged = avroTagging.change(schema, tags, [], 'refuse');
        expect(avroFormat.canonicalText(parse(tagged))).toBe(tagged);
        expect(avroTagging.find(parse(tagged))).toEqual(tags);
        expect(change(tagged, [], tags)).toBe(text);
      }),
      { numRuns: 100 },
    );
  });
});
