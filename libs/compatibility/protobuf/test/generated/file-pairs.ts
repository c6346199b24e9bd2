import fc from 'fast-check';
import {
  allowed,
  type FieldModel,
  type FileModel,
  type Kind,
  kindsReadAs,
  MAP_KEYS,
  SCALAR_KINDS,
} from './file-model.ts';

const label = fc.constantFrom(undefined, undefined, 'optional' as const, 'repeated' as const, 'required' as const);
const oneof = fc.constantFrom(undefined, undefined, undefined, 'x' as const, 'y' as const);
const movedTo = fc.constantFrom(undefined, 'x' as const, 'x' as const, 'y' as const);
const mapKey = fc.option(fc.constantFrom(...MAP_KEYS), { nil: undefined, freq: 4 });

function fields(kinds: readonly Kind[], numbers: readonly number[]): fc.Arbitrary<FieldModel[]> {
  const field = fc.record({
    number: fc.constantFrom(...numbers),
    kind: fc.constantFrom(...kinds),
    mapKey,
    label,
    oneof,
  });
  return fc.uniqueArray(field, { maxLength: 6, selector: ({ number }) => number }).map((list) =>
    list.map(({ mapKey: key, label: of, oneof: within, ...rest }) => ({
      ...rest,
      name: `f${rest.number}`,
      ...(key !== undefined && { mapKey: key }),
      ...(of !== undefined && { label: of }),
      ...(within !== undefined && { oneof: within }),
    })),
  );
}

/** What happens to a field from one version to the next; most are kept, and most changes are ones that can be read. */
const edit = fc.oneof(
  { weight: 6, arbitrary: fc.constant((field: FieldModel) => [field]) },
  { weight: 1, arbitrary: fc.constant(() => []) },
  { weight: 1, arbitrary: fc.constant((field: FieldModel) => [{ ...field, name: `g${field.number}` }]) },
  {
    weight: 3,
    arbitrary: fc.nat().map((at) => (field: FieldModel) => {
      const kinds = kindsReadAs(field.kind);
      return [{ ...field, kind: kinds[at % kinds.length] as Kind }];
    }),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom<Kind>(...SCALAR_KINDS, 'B', 'B', 'C', 'C')
      .map((kind) => (field: FieldModel) => [{ ...field, kind }]),
  },
  {
    weight: 1,
    arbitrary: label.map((of) => (field: FieldModel) => [changed(field, { label: of })]),
  },
  {
    weight: 3,
    arbitrary: movedTo.map((within) => (field: FieldModel) => [changed(field, { oneof: within })]),
  },
);

/** The field with one part set, or without it where that is undefined. */
function changed(field: FieldModel, part: { label?: FieldModel['label']; oneof?: FieldModel['oneof'] }): FieldModel {
  const entries = Object.entries({ ...field, ...part }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as unknown as FieldModel;
}

function next(of: (typeof ALL)[keyof typeof ALL], older: readonly FieldModel[]): fc.Arbitrary<FieldModel[]> {
  const edits = fc.array(edit, { minLength: older.length, maxLength: older.length });
  return fc
    .tuple(edits, fields(of.kinds, of.added))
    .map(([list, added]) => [
      ...older.flatMap((field, index): FieldModel[] => list[index]?.(field) ?? []),
      ...added.slice(0, 2),
    ]);
}

const ALL = {
  whole: {
    kinds: [...SCALAR_KINDS, 'B', 'B', 'B', 'C', 'C', 'C'] as Kind[],
    first: [1, 2, 3, 4, 5, 6, 16],
    added: [7, 8, 2048],
  },
  part: { kinds: SCALAR_KINDS, first: [1, 2, 3], added: [4, 5] },
};

/** A file and a later version of it. */
export const filePairs: fc.Arbitrary<{ older: FileModel; newer: FileModel }> = fc
  .record({
    syntax: fc.constantFrom('proto2' as const, 'proto3' as const),
    A: fields(ALL.whole.kinds, ALL.whole.first),
    B: fields(ALL.part.kinds, ALL.part.first),
    C: fields(ALL.part.kinds, ALL.part.first),
  })
  .chain(({ syntax, A, B, C }) =>
    fc.tuple(next(ALL.whole, A), next(ALL.part, B), next(ALL.part, C)).map(([a, b, c]) => {
      const valid = (list: readonly FieldModel[]): FieldModel[] => list.map((field) => allowed(field, syntax));
      return {
        older: { syntax, A: valid(A), B: valid(B), C: valid(C) },
        newer: { syntax, A: valid(a), B: valid(b), C: valid(c) },
      };
    }),
  );
