import fc from 'fast-check';

type Schema = boolean | { [keyword: string]: unknown };

const limits = (...names: string[]): fc.Arbitrary<object> =>
  fc.record(Object.fromEntries(names.map((name) => [name, fc.integer({ min: 0, max: 4 })])), { requiredKeys: [] });
const names = fc.constantFrom('a', 'b', 's_c', 'n_d');
const patterns = fc.constantFrom('^s_', '_', '^n', '(?=s)s');

/** Schemas over few names and numbers, so that two of them often have something in common. */
export const schemas: fc.Arbitrary<Schema> = fc.letrec<{ schema: Schema; sub: Schema }>((tie) => {
  const sub = tie('schema');
  const list = fc.array(sub, { minLength: 1, maxLength: 3 });
  const typed = fc.constantFrom('type', 'no type');
  const withType = (type: string, body: fc.Arbitrary<object>): fc.Arbitrary<Schema> =>
    fc.tuple(typed, body).map(([has, keywords]) => (has === 'type' ? { type, ...keywords } : { ...keywords }));
  const object = fc.record(
    {
      properties: fc.dictionary(names, sub, { maxKeys: 3, noNullPrototype: true }),
      required: fc.uniqueArray(names, { maxLength: 2 }),
      additionalProperties: fc.oneof(fc.boolean(), sub),
      patternProperties: fc.dictionary(patterns, sub, { maxKeys: 2, noNullPrototype: true }),
      propertyNames: fc.record({ maxLength: fc.integer({ min: 1, max: 4 }) }),
      dependencies: fc.dictionary(names, fc.oneof(fc.uniqueArray(names, { maxLength: 2 }), sub), {
        maxKeys: 1,
        noNullPrototype: true,
      }),
      maxProperties: fc.integer({ min: 0, max: 3 }),
      minProperties: fc.integer({ min: 0, max: 2 }),
    },
    { requiredKeys: [] },
  );
  const counts = {
    uniqueItems: fc.boolean(),
    maxItems: fc.integer({ min: 0, max: 3 }),
    minItems: fc.integer({ min: 0, max: 2 }),
  };
  // ajv overlooks `contains` of an empty array beside a list of items, so they are not combined.
  const array = fc.oneof(
    fc.record({ ...counts, items: sub, contains: sub }, { requiredKeys: [] }),
    fc.record(
      { ...counts, items: fc.array(sub, { minLength: 1, maxLength: 2 }), additionalItems: fc.oneof(fc.boolean(), sub) },
      { requiredKeys: ['items'] },
    ),
  );
  const scalars: fc.Arbitrary<Schema>[] = [
    withType('string', limits('maxLength', 'minLength')),
    withType('number', limits('maximum', 'minimum', 'exclusiveMaximum', 'exclusiveMinimum')),
    fc.constantFrom({ type: 'number', multipleOf: 2 }, { type: 'number', multipleOf: 6 }, { type: 'integer' }),
    fc
      .uniqueArray(fc.constantFrom('string', 'integer', 'number', 'null', 'object'), { minLength: 1, maxLength: 3 })
      .map((type) => ({ type })),
    fc.uniqueArray(fc.constantFrom(0, 1, 'a', null), { minLength: 1 }).map((values) => ({ enum: values })),
    fc.constantFrom('a', 1).map((value) => ({ const: value })),
    fc.boolean(),
    fc.constant({}),
  ];
  return {
    sub,
    schema: fc.oneof(
      { maxDepth: 3 },
      { weight: 6, arbitrary: fc.oneof(...scalars) },
      { weight: 4, arbitrary: withType('object', object) },
      { weight: 2, arbitrary: withType('array', array) },
      { weight: 1, arbitrary: list.map((allOf) => ({ allOf })) },
      { weight: 1, arbitrary: list.map((anyOf) => ({ anyOf })) },
      { weight: 1, arbitrary: sub.map((not) => ({ not })) },
      {
        weight: 1,
        arbitrary: fc.tuple(sub, sub).map(([test, met]) =>
          Object.fromEntries([
            ['if', test],
            ['else', met],
          ]),
        ),
      },
      {
        weight: 1,
        arbitrary: fc
          .tuple(sub, fc.integer({ min: 0, max: 3 }))
          .map(([schema, maxLength]) =>
            typeof schema === 'boolean' ? schema : { ...schema, maxLength, type: ['string', 'object'] },
          ),
      },
    ),
  };
}).schema;

/** A schema close to another one: one place exchanged, dropped or loosened, so that many pairs are compatible. */
export function mutationOf(schema: Schema): fc.Arbitrary<Schema> {
  if (typeof schema === 'boolean') return fc.oneof(fc.constant(schema), schemas);
  const keys = Object.keys(schema);
  if (keys.length === 0) return schemas;
  return fc
    .tuple(fc.constantFrom(...keys), fc.constantFrom('drop', 'change', 'within', 'keep'), schemas)
    .chain(([key, what, other]): fc.Arbitrary<Schema> => {
      const value = schema[key];
      if (what === 'keep') return fc.constant(schema);
      if (what === 'drop')
        return fc.constant(Object.fromEntries(Object.entries(schema).filter(([name]) => name !== key)));
      if (what === 'change' && typeof value === 'number')
        return fc.integer({ min: 1, max: 12 }).map((number) => ({ ...schema, [key]: number }));
      if (key === 'properties' || key === 'patternProperties') {
        const map = value as { [name: string]: Schema };
        return fc
          .tuple(
            key === 'properties' ? names : patterns,
            map[Object.keys(map)[0] ?? ''] === undefined
              ? schemas
              : fc.oneof(schemas, mutationOf(Object.values(map)[0]!)),
          )
          .map(([name, each]) => ({ ...schema, [key]: { ...map, [name]: each } }));
      }
      if (
        ['items', 'additionalProperties', 'additionalItems', 'not', 'contains'].includes(key) &&
        !Array.isArray(value)
      )
        return mutationOf(value as Schema).map((each) => ({ ...schema, [key]: each }));
      if (['allOf', 'anyOf'].includes(key))
        return fc.oneof(
          fc.constant({ ...schema, [key]: [...(value as Schema[]), other] }),
          fc.constant({
            ...schema,
            [key]: (value as Schema[]).slice(1).length > 0 ? (value as Schema[]).slice(1) : value,
          }),
          mutationOf((value as Schema[])[0]!).map((each) => ({
            ...schema,
            [key]: [each, ...(value as Schema[]).slice(1)],
          })),
        );
      return fc.constant({ ...schema, title: 'changed' });
    });
}
