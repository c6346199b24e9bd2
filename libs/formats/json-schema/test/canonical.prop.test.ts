import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { jsonSchemaFormat } from '../src/index.ts';

type Schema = ReturnType<typeof jsonSchemaFormat.parse>;
const parse = (...input: Parameters<typeof jsonSchemaFormat.parse>): Schema => jsonSchemaFormat.parse(...input);
const canonicalText = (schema: Schema): string => jsonSchemaFormat.canonicalText(schema);
const normalize = (schema: Schema): Schema => jsonSchemaFormat.normalize(schema);
const formattedText = (schema: Schema, format: string): string => jsonSchemaFormat.formattedText(schema, format);
const equivalent = (a: Schema, b: Schema): boolean => jsonSchemaFormat.equivalent(a, b);

const number = fc.constantFrom('1', '1.0', '1e2', '-0', '0.00000010', '12345678901234567890.5', '1E400');
const scalar = fc.oneof(
  fc
    .tuple(fc.constantFrom('maximum', 'minimum', 'multipleOf', '10', '9', 'x-note'), number)
    .filter(([name, text]) => name !== 'multipleOf' || text !== '-0'),
  fc.tuple(
    fc.constantFrom('title', 'description', '2', 'é', 'x\\n'),
    fc.string().map((text) => JSON.stringify(text)),
  ),
);
const { schema: text } = fc.letrec<{ schema: string }>((tie) => {
  const member = fc.oneof(
    scalar,
    fc.tuple(fc.constantFrom('not', 'items', 'additionalProperties'), tie('schema')),
    fc.tuple(
      fc.constantFrom('properties', 'definitions'),
      fc.dictionary(fc.string(), tie('schema'), { maxKeys: 3 }).map(
        (map) =>
          `{${Object.entries(map)
            .map(([name, each]) => `${JSON.stringify(name)} : ${each}`)
            .join(',')}}`,
      ),
    ),
    fc.tuple(
      fc.constantFrom('allOf', 'anyOf'),
      fc.array(tie('schema'), { maxLength: 3 }).map((list) => `[ ${list.join(' ,')} ]`),
    ),
    fc.constant(['$ref', '"#"'] as const),
  );
  return {
    schema: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom('true', '{}'),
      fc
        .uniqueArray(member, { selector: ([name]) => name, maxLength: 4 })
        .map((members) => `{ ${members.map(([name, value]) => `"${name}": ${value}`).join(',\n')} }`),
    ),
  };
});

test('canonical text is its own canonical text, and the normal form its own normal form', () => {
  fc.assert(
    fc.property(text, (source) => {
      const schema = parse(source, []);
      const canonical = canonicalText(schema);
      expect(canonicalText(parse(canonical, []))).toBe(canonical);
      const normal = canonicalText(normalize(schema));
      expect(canonicalText(normalize(parse(normal, [])))).toBe(normal);
      expect(equivalent(schema, parse(canonical, []))).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test('the resolved form of a schema with references is itself a schema, and the same one', () => {
  fc.assert(
    fc.property(text, text, (source, referenced) => {
      const wrapped = `{"properties":{"a":{"$ref":"other"},"b":${source}}}`;
      const schema = parse(wrapped, [{ name: 'other', text: canonicalText(parse(referenced, [])) }]);
      const resolved = formattedText(schema, 'resolved');
      const again = parse(resolved, []);
      expect(canonicalText(again)).toBe(resolved);
      expect(equivalent(schema, again)).toBe(true);
    }),
    { numRuns: 300 },
  );
});
