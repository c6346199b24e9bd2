import { describe, expect, test } from '@jest/globals';
import { SCALAR_TYPES } from '#libs/formats/protobuf';
import { changesBetween } from '../src/index.ts';
import { schemaOf } from './schema-of.ts';

/** What the encoding lets be read as each other. `E` is an enum. */
const GROUPS = [
  ['int32', 'int64', 'uint32', 'uint64', 'bool', 'E'],
  ['sint32', 'sint64'],
  ['fixed32', 'sfixed32'],
  ['fixed64', 'sfixed64'],
  ['float'],
  ['double'],
  ['string', 'bytes'],
];
const TYPES = [...SCALAR_TYPES, 'E'];
const PAIRS = TYPES.flatMap((old) => TYPES.map((newer) => [old, newer] as const));

describe('every pair of scalar kinds', () => {
  test.each(PAIRS)('%s read as %s', (old, newer) => {
    const goes = GROUPS.some((group) => group.includes(old) && group.includes(newer));
    const of = (type: string): ReturnType<typeof schemaOf> =>
      schemaOf(`message A { ${type} a = 1; } enum E { X = 0; }`);
    const found = changesBetween({ writer: of(old), reader: of(newer) });
    expect(found.map(({ type, path }) => `${type} ${path}`)).toEqual(goes ? [] : ['FIELD_SCALAR_KIND_CHANGED #/A/1']);
  });

  test('the groups hold every type once', () => {
    expect(GROUPS.flat().sort()).toEqual([...TYPES].sort());
  });
});
