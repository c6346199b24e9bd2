import { Ajv, type AnySchema, type ValidateFunction } from 'ajv';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';

const OPTIONS = {
  strict: false,
  validateFormats: false,
  validateSchema: false,
  logger: false,
  multipleOfPrecision: 9,
} as const;

/** A validator of the draft that `$schema` names; undefined for draft 4, which ajv does not read. */
export function validator(schema: unknown): ValidateFunction | undefined {
  const named = typeof schema === 'object' && schema !== null ? (schema as { $schema?: string }).$schema : undefined;
  if (named?.includes('draft-04') === true) return undefined;
  const ajv =
    named?.includes('2020-12') === true
      ? new Ajv2020(OPTIONS)
      : named?.includes('2019-09') === true
        ? new Ajv2019(OPTIONS)
        : new Ajv(OPTIONS);
  return ajv.compile(schema as AnySchema);
}

/** Values that have a chance to meet the limits of the schemas: built from the names and constants that occur in them. */
export function valuesFor(...schemas: readonly unknown[]): fc.Arbitrary<unknown> {
  const names = new Set<string>(['zz']);
  const constants: unknown[] = [];
  const collect = (node: unknown): void => {
    if (Array.isArray(node)) node.forEach(collect);
    else if (typeof node === 'object' && node !== null) {
      for (const [name, value] of Object.entries(node)) {
        names.add(name);
        collect(value);
      }
    } else {
      constants.push(node);
      if (typeof node === 'string' && node.length < 10) names.add(node);
      if (typeof node === 'number')
        constants.push(node + 1, node - 1, node * 2, node + 0.5, 'x'.repeat(Math.min(20, Math.abs(Math.trunc(node)))));
    }
  };
  schemas.forEach(collect);
  const keys = fc.constantFrom(...[...names].filter((name) => name !== '__proto__'));
  const scalars = fc.oneof(
    fc.constantFrom(...constants, null, true, false, '', 'a', 'abc', 'long enough', 0, 1, -1, 2.5, 6, 30, 100),
    fc.integer({ min: -20, max: 20 }),
  );
  return fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      { weight: 4, arbitrary: scalars },
      { weight: 3, arbitrary: fc.dictionary(keys, tie('value'), { maxKeys: 4, noNullPrototype: true }) },
      { weight: 2, arbitrary: fc.array(tie('value'), { maxLength: 4 }) },
    ),
  })).value;
}
