import { describe, expect, test } from '@jest/globals';
import { protobufFormat as format } from '#libs/formats/protobuf';
import { CORPUS, CORPUS_IMPORTS, corpusText, goldenOf } from './support/corpus.ts';

describe.each(CORPUS)('%s', (name) => {
  const schema = format.parse(corpusText(name), CORPUS_IMPORTS);
  const golden = goldenOf(name);

  test('is valid', () => {
    expect(() => format.validate(schema, { fields: true })).not.toThrow();
  });

  test('prints in the canonical layout, which parses to itself', () => {
    const canonical = format.canonicalText(schema);
    expect(canonical).toBe(golden.canonical);
    expect(format.canonicalText(format.parse(canonical, CORPUS_IMPORTS))).toBe(canonical);
  });

  test('has the normal form expected, which is its own normal form and valid', () => {
    const normal = format.normalize(schema);
    expect(format.canonicalText(normal)).toBe(golden.normal);
    const again = format.parse(golden.normal, CORPUS_IMPORTS);
    expect(format.canonicalText(format.normalize(again))).toBe(golden.normal);
    expect(() => format.validate(again, { fields: true })).not.toThrow();
  });

  test('serializes to the bytes that protoc makes of its text', () => {
    expect(format.formattedText(schema, 'serialized')).toBe(golden.ofCanonicalText);
    expect(format.formattedText(format.normalize(schema), 'serialized')).toBe(golden.ofNormalText);
  });

  test('is the same schema when it comes as a descriptor in base64', () => {
    const decoded = format.parse(golden.ofCanonicalText, CORPUS_IMPORTS);
    expect(format.equivalent(decoded, schema)).toBe(true);
    expect(format.formattedText(format.normalize(decoded), 'serialized')).toBe(golden.ofNormalText);
  });

  test('is equivalent to its normal form', () => {
    expect(format.equivalent(schema, format.normalize(schema))).toBe(true);
  });
});
