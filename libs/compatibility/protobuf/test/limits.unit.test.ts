import { describe, expect, test } from '@jest/globals';
import { changesBetween, protobufRules } from '../src/index.ts';
import { schemaOf } from './schema-of.ts';

/** Messages M0 to Mn in an import, each with `fields` fields of the next. */
function chain(length: number, fields: number, last: string): ReturnType<typeof schemaOf> {
  const messages = Array.from({ length }, (_, i) => {
    const next =
      i === length - 1
        ? [`${last} end = 1;`]
        : Array.from({ length: fields }, (_x, f) => `M${i + 1} f${f} = ${f + 1};`);
    return `message M${i} { ${next.join(' ')} }`;
  });
  return schemaOf('import "chain.proto"; message A { M0 m = 1; }', { 'chain.proto': messages.join(' ') });
}

describe('the work of a comparison', () => {
  test('is bounded in steps', () => {
    const wide = schemaOf(`message A { ${Array.from({ length: 50 }, (_, i) => `int32 f${i} = ${i + 1};`).join(' ')} }`);
    expect(protobufRules.differences(wide, wide, { policy: 'STRICT', stepsMax: 1000 })).toEqual([]);
    expect(() => protobufRules.differences(wide, wide, { policy: 'STRICT', stepsMax: 50 })).toThrow(
      expect.objectContaining({ code: 'SCHEMA_TOO_COMPLEX', message: expect.stringContaining('more than 50 steps') }),
    );
  });

  test('does not double with every level of imported messages', () => {
    const changes = changesBetween({ writer: chain(100, 3, 'int32'), reader: chain(100, 3, 'string') }, 5_000);
    expect(changes.filter(({ type }) => type === 'FIELD_SCALAR_KIND_CHANGED')).toHaveLength(1);
    expect(changes.at(-1)).toMatchObject({ type: 'FIELD_NAMED_TYPE_CHANGED', path: '#/A/1' });
  });

  test('grows with the number of types and fields alone, and lists the first 2,000 differences', () => {
    const wide = (type: string): ReturnType<typeof schemaOf> =>
      schemaOf(`message A { ${Array.from({ length: 2_500 }, (_, i) => `${type} f${i} = ${i + 1};`).join(' ')} }`);
    const found = protobufRules.differences(wide('int32'), wide('string'), { policy: 'STRICT', stepsMax: 10_000 });
    expect(found).toHaveLength(2_000);
  });

  test('ends with an error where imported messages nest beyond the limit', () => {
    const both = { writer: chain(5_000, 1, 'int32'), reader: chain(5_000, 1, 'int32') };
    expect(() => changesBetween(both)).toThrow(expect.objectContaining({ code: 'SCHEMA_TOO_COMPLEX' }));
  });
});
