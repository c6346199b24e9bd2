import fc from 'fast-check';
import type { FieldModel, FileModel, Kind } from './file-model.ts';

/** A decoded value: integers as bigint, bytes as text of their UTF-8, messages by the numbers of their fields. */
export type Value = bigint | number | boolean | string | readonly Value[] | { readonly [key: string]: Value };

const int = (min: bigint, max: bigint): fc.Arbitrary<bigint> =>
  fc.oneof(fc.constantFrom(0n, 1n, 2n), fc.bigInt({ min, max }));

const SCALARS: Readonly<Record<Exclude<Kind, 'B' | 'C'>, fc.Arbitrary<Value>>> = {
  int32: int(-(2n ** 31n), 2n ** 31n - 1n),
  sint32: int(-(2n ** 31n), 2n ** 31n - 1n),
  sfixed32: int(-(2n ** 31n), 2n ** 31n - 1n),
  uint32: int(0n, 2n ** 32n - 1n),
  fixed32: int(0n, 2n ** 32n - 1n),
  int64: int(-(2n ** 63n), 2n ** 63n - 1n),
  sint64: int(-(2n ** 63n), 2n ** 63n - 1n),
  sfixed64: int(-(2n ** 63n), 2n ** 63n - 1n),
  uint64: int(0n, 2n ** 64n - 1n),
  fixed64: int(0n, 2n ** 64n - 1n),
  E: fc.constantFrom(0n, 1n, 2n),
  bool: fc.boolean(),
  float: fc.float({ noNaN: true }),
  double: fc.double({ noNaN: true }),
  string: fc.string({ unit: 'grapheme', maxLength: 8 }),
  bytes: fc.string({ maxLength: 8 }),
};

/** A value of message A: every required field, any of the others, at most one of a oneof. */
export function valuesOf(file: FileModel): fc.Arbitrary<Record<string, Value>> {
  return message(file, file.A);
}

function message(file: FileModel, fields: readonly FieldModel[]): fc.Arbitrary<Record<string, Value>> {
  const members = fields.map((field) => {
    const value = fieldValue(file, field).map((given) => ({ [field.name]: given }));
    return { field, value: field.label === 'required' ? value : fc.oneof(fc.constant({}), value) };
  });
  const free = members.filter(({ field }) => field.oneof === undefined).map(({ value }) => value);
  const oneofs = (['x', 'y'] as const).flatMap((oneof) => {
    const within = members.filter(({ field }) => field.oneof === oneof).map(({ value }) => value);
    return within.length === 0 ? [] : [fc.oneof(...within)];
  });
  return fc
    .tuple(...free, ...oneofs)
    .map((parts) => Object.assign({}, ...(parts as object[])) as Record<string, Value>);
}

function fieldValue(file: FileModel, { kind, mapKey, label }: FieldModel): fc.Arbitrary<Value> {
  const one = kind === 'B' || kind === 'C' ? message(file, file[kind]) : SCALARS[kind];
  if (mapKey !== undefined) {
    const key = SCALARS[mapKey as keyof typeof SCALARS].map(String);
    return fc.dictionary(key, one, { maxKeys: 3, noNullPrototype: true });
  }
  return label === 'repeated' ? fc.array(one, { maxLength: 3 }) : one;
}
