import fc from 'fast-check';

/** A schema and values of it, as they read back. */
export interface Pair {
  readonly schema: unknown;
  readonly value: fc.Arbitrary<unknown>;
}

const text = fc
  .string({ unit: 'binary', maxLength: 12 })
  .filter((value) => (value as unknown as { isWellFormed(): boolean }).isWellFormed());
const bytes = fc.uint8Array({ maxLength: 12 }).map((value) => Buffer.from(value));
const float = fc.float({ noNaN: true });

const primitives: readonly Pair[] = [
  { schema: 'null', value: fc.constant(null) },
  { schema: 'boolean', value: fc.boolean() },
  { schema: 'int', value: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }) },
  { schema: 'long', value: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }) },
  { schema: 'float', value: float },
  { schema: 'double', value: fc.double({ noNaN: true }) },
  { schema: 'string', value: text },
  { schema: 'bytes', value: bytes },
  {
    schema: { type: 'bytes', logicalType: 'decimal', precision: 20, scale: 3 },
    value: fc.bigInt({ min: -(10n ** 20n) + 1n, max: 10n ** 20n - 1n }).map((unscaled) => {
      const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(4, '0');
      return `${unscaled < 0n ? '-' : ''}${digits.slice(0, -3)}.${digits.slice(-3)}`;
    }),
  },
];

/** Names are numbered as they are given out, so that no two types of a schema share one. */
export function avroPair(depth: number): fc.Arbitrary<Pair> {
  let names = 0;
  const name = (): string => `n.T${(names += 1)}`;
  const pairOf = (depth: number): fc.Arbitrary<Pair> => {
    const flat = fc.oneof(
      fc.constantFrom(...primitives),
      fc.uniqueArray(fc.constantFrom('A', 'B', 'C', 'D'), { minLength: 1 }).map((symbols) => ({
        schema: { type: 'enum', name: name(), symbols },
        value: fc.constantFrom(...symbols),
      })),
      fc.nat(6).map((size) => ({
        schema: { type: 'fixed', name: name(), size },
        value: fc.uint8Array({ minLength: size, maxLength: size }).map((value) => Buffer.from(value)),
      })),
    );
    if (depth === 0) return flat;
    const inner = fc.array(pairOf(depth - 1), { maxLength: 4 });
    return fc.oneof(
      flat,
      pairOf(depth - 1).map(({ schema, value }) => ({
        schema: { type: 'array', items: schema },
        value: fc.array(value, { maxLength: 4 }),
      })),
      pairOf(depth - 1).map(({ schema, value }) => ({
        schema: { type: 'map', values: schema },
        value: fc.dictionary(text, value, { maxKeys: 4, noNullPrototype: true }),
      })),
      inner.map((fields) => ({
        schema: {
          type: 'record',
          name: name(),
          fields: fields.map(({ schema }, index) => ({ name: `f${index}`, type: schema })),
        },
        value: fc.record(Object.fromEntries(fields.map(({ value }, index) => [`f${index}`, value])), {
          noNullPrototype: true,
        }),
      })),
      pairOf(depth - 1)
        .filter(({ schema }) => schema !== 'null' && !Array.isArray(schema))
        .map(({ schema, value }) => ({ schema: ['null', schema], value: fc.option(value) })),
    );
  };
  return pairOf(depth);
}
