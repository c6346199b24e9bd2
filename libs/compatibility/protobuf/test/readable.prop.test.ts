import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { protobufRules } from '../src/index.ts';
import { misread } from './generated/expected.ts';
import { type FieldModel, type FileModel, type Kind, textOf } from './generated/file-model.ts';
import { filePairs } from './generated/file-pairs.ts';
import { valuesOf } from './generated/values.ts';
import { Wire } from './generated/wire.ts';
import { schemaOf } from './schema-of.ts';

const RUNS = 2_500;

describe('generated pairs of schemas', () => {
  test('what is called backward compatible can be read, and the fields that both have say the same', () => {
    let read = 0;
    const written = filePairs.chain((pair) => valuesOf(pair.older).map((value) => ({ ...pair, value })));
    fc.assert(
      fc.property(written, ({ older, newer, value }) => {
        if (!compatible(newer, older) || looserThanTheBytes(newer, older)) return;
        const decoded = new Wire(newer).decode(new Wire(older).encode(value));
        expect(misread({ writer: older, reader: newer }, value, decoded)).toEqual([]);
        read += 1;
      }),
      { numRuns: RUNS },
    );
    expect(read).toBeGreaterThan(RUNS / 10);
  });
});

function compatible(reader: FileModel, writer: FileModel): boolean {
  const [newer, older] = [schemaOf(textOf(reader)), schemaOf(textOf(writer))];
  return protobufRules.differences(newer, older, { policy: 'STRICT' }).length === 0;
}

/** Pairs that Confluent's rules let pass although a reader can fail on them; loose-rules.unit.test.ts shows each. */
function looserThanTheBytes(reader: FileModel, writer: FileModel): boolean {
  return (['A', 'B', 'C'] as const).some((message) =>
    reader[message].some((field) => {
      const before = writer[message].find(({ number }) => number === field.number);
      return before !== undefined && [becameRequired, becameEnum, unpacked].some((loose) => loose(before, field));
    }),
  );
}

const NOT_NUMBERS: readonly Kind[] = ['string', 'bytes', 'B', 'C'];

/** A label counts between numbers, and where both sides have one. */
function becameRequired(before: FieldModel, after: FieldModel): boolean {
  const unjudged = before.label === undefined || NOT_NUMBERS.includes(after.kind);
  return after.label === 'required' && before.label !== 'required' && unjudged;
}

/** An enum of proto2 has no value for the numbers that it does not name. */
function becameEnum(before: FieldModel, after: FieldModel): boolean {
  return after.label === 'required' && after.kind === 'E' && before.kind !== 'E';
}

/** proto3 packs lists of numbers. */
function unpacked(before: FieldModel, after: FieldModel): boolean {
  return before.label === 'repeated' && after.label === undefined && !NOT_NUMBERS.includes(before.kind);
}
