import { expect, test } from '@jest/globals';
import { Ajv, type AnySchema } from 'ajv';
import fc from 'fast-check';
import { testSeed } from '#libs/foundation/testing';
import { jsonSchemaFormat, jsonSchemaTypeScript } from '../src/index.ts';
import { compile } from './compile.ts';

const names = fc.constantFrom('a', 'b', 'not-a-name');
const schemas = fc.letrec<{ schema: unknown }>((tie) => {
  const sub = tie('schema');
  const list = fc.array(sub, { minLength: 1, maxLength: 3 });
  return {
    schema: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom(
        { type: 'string' },
        { type: 'integer' },
        { type: ['null', 'number'] },
        { const: 'k' },
        { enum: [1, 'x'] },
        true,
        {},
      ),
      fc.record(
        {
          type: fc.constant('object'),
          properties: fc.dictionary(names, sub, { maxKeys: 3, noNullPrototype: true }),
          required: fc.uniqueArray(names, { maxLength: 2 }),
          additionalProperties: fc.oneof(fc.boolean(), sub),
        },
        { requiredKeys: ['type'] },
      ),
      fc.record({ type: fc.constant('array'), items: sub }),
      fc.record(
        { type: fc.constant('array'), items: list, additionalItems: fc.oneof(fc.boolean(), sub), minItems: fc.nat(3) },
        { requiredKeys: ['type', 'items'] },
      ),
      fc.record({ anyOf: list }),
      fc.record({ allOf: list }),
      fc.constantFrom({ $ref: '#' }, { $ref: '#/definitions/x' }),
    ),
  };
}).schema;
const documents = fc.tuple(schemas, schemas).map(([schema, x]) => ({ ...(schema as object), definitions: { x } }));

const values = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(null, 1, 2.5, 'k', 'x', true),
    fc.dictionary(names, tie('value'), { maxKeys: 3, noNullPrototype: true }),
    fc.array(tie('value'), { maxLength: 3 }),
  ),
})).value;

/**
 * A value as an expression. Strings and numbers keep their own types: inside an intersection of tuples, of which one takes any
 * number, TypeScript would take a 1 for a number before it looks at the others.
 */
function expressionOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(expressionOf).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    return `{ ${Object.entries(value)
      .map(([name, member]) => `${JSON.stringify(name)}: ${expressionOf(member)}`)
      .join(', ')} }`;
  }
  const text = JSON.stringify(value);
  return value === null ? text : `${text} as ${text}`;
}

test('types of generated schemas compile under strict, and hold values that the schema accepts', () => {
  const seed = testSeed();
  const sources: string[] = [];
  for (const schema of fc.sample(documents, { numRuns: 120, seed })) {
    const type = jsonSchemaTypeScript(jsonSchemaFormat.parse(JSON.stringify(schema), []), { rootName: 'Value' });
    sources.push(type);
    let accepts: (value: unknown) => boolean;
    try {
      accepts = new Ajv({ strict: false, validateSchema: false }).compile(schema as AnySchema);
      for (const value of fc
        .sample(values, { numRuns: 60, seed })
        .filter((each) => accepts(each))
        .slice(0, 3)) {
        sources.push(`${type}export const checked: Value = ${expressionOf(value)};\n`);
      }
    } catch (error) {
      // A schema that is nothing but itself accepts everything here, and never ends in ajv.
      if (!(error instanceof RangeError)) throw error;
    }
  }
  const failing = compile(sources).flatMap((errors, index) =>
    errors.length === 0 ? [] : [{ seed, errors, source: sources[index] }],
  );
  expect(failing.slice(0, 3)).toEqual([]);
  expect(sources.length).toBeGreaterThan(200);
});
