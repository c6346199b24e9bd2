import fc from 'fast-check';

const names = fc.constantFrom('a', 'b', 'c');
const DIALECT = 'https://json-schema.org/draft/2020-12/schema';

/** Schemas of draft 2020-12 with what earlier drafts lack: left-over properties and items, counts of `contains`, `$ref` with siblings. */
export const newerSchemas: fc.Arbitrary<object> = fc
  .letrec<{ schema: object }>((tie) => {
    const sub = tie('schema');
    const object = fc.record(
      {
        type: fc.constant('object'),
        properties: fc.dictionary(names, sub, { maxKeys: 2, noNullPrototype: true }),
        required: fc.uniqueArray(names, { maxLength: 1 }),
        allOf: fc.array(sub, { minLength: 1, maxLength: 2 }),
        anyOf: fc.array(sub, { minLength: 1, maxLength: 2 }),
        unevaluatedProperties: fc.oneof(fc.boolean(), sub),
        additionalProperties: fc.boolean(),
        dependentRequired: fc.dictionary(names, fc.uniqueArray(names, { maxLength: 2 }), {
          maxKeys: 1,
          noNullPrototype: true,
        }),
        dependentSchemas: fc.dictionary(names, sub, { maxKeys: 1, noNullPrototype: true }),
        $ref: fc.constant('#/$defs/shared'),
      },
      { requiredKeys: [] },
    );
    const array = fc.record(
      {
        type: fc.constant('array'),
        prefixItems: fc.array(sub, { minLength: 1, maxLength: 2 }),
        items: fc.oneof(fc.boolean(), sub),
        unevaluatedItems: fc.oneof(fc.boolean(), sub),
        allOf: fc.array(sub, { minLength: 1, maxLength: 1 }),
      },
      { requiredKeys: ['type'] },
    );
    const counted = fc.record(
      {
        type: fc.constant('array'),
        contains: sub,
        minContains: fc.nat(2),
        maxContains: fc.integer({ min: 1, max: 3 }),
      },
      { requiredKeys: ['contains'] },
    );
    return {
      schema: fc.oneof(
        { maxDepth: 3 },
        fc.constantFrom<object>(
          { type: 'string' },
          { type: 'integer' },
          { type: 'number' },
          {},
          { type: ['object', 'null'] },
          { const: 1 },
        ),
        { weight: 3, arbitrary: object },
        array,
        counted,
      ),
    };
  })
  .schema.chain((schema) =>
    fc
      .constantFrom<object>(
        { type: 'object', properties: { a: { type: 'string' } } },
        { type: ['integer', 'object', 'array'] },
      )
      .map((shared) => ({
        ...schema,
        $schema: DIALECT,
        $defs: { shared },
      })),
  );

/** The same schema with one keyword of it, or of a schema within, dropped, loosened or exchanged. */
export function newerMutationOf(schema: object): fc.Arbitrary<object> {
  const keys = Object.keys(schema).filter((key) => !['$schema', '$defs'].includes(key));
  if (keys.length === 0) return fc.constant(schema);
  return fc.tuple(fc.constantFrom(...keys), newerSchemas).chain(([key, other]) => {
    const { [key]: value, ...rest } = schema as Record<string, unknown>;
    const { $schema: _dialect, $defs: _definitions, ...plain } = other as Record<string, unknown>;
    const added = fc.constant<object>({
      ...schema,
      properties: { ...(schema as { properties?: object }).properties, c: plain },
    });
    if (Array.isArray(value) && typeof value[0] === 'object' && value[0] !== null) {
      return fc.oneof(
        added,
        newerMutationOf(value[0] as object).map((each) => ({ ...schema, [key]: [each, ...value.slice(1)] })),
      );
    }
    if (typeof value === 'object' && value !== null && ['items', 'contains', 'unevaluatedProperties'].includes(key)) {
      return newerMutationOf(value).map((each) => ({ ...schema, [key]: each }));
    }
    return fc.oneof(
      added,
      fc.constant<object>(rest),
      fc.constant<object>(typeof value === 'number' ? { ...schema, [key]: value + 1 } : rest),
    );
  });
}
