import { expect, test } from '@jest/globals';
import { parseJsonSchema } from '#libs/formats/json-schema';
import { CHANGE_TYPES, jsonSchemaRules } from '../src/index.ts';
import { describeChange } from '../src/describe-change.ts';
import { fixOf } from '../src/fix-of.ts';

const parse = (schema: unknown): ReturnType<typeof parseJsonSchema> => parseJsonSchema(JSON.stringify(schema), []);
const first = (writer: unknown, reader: unknown): ReturnType<typeof jsonSchemaRules.differences>[number] =>
  jsonSchemaRules.differences(parse(reader), parse(writer), { policy: 'STRICT' })[0]!;
const object = (properties: object, more: object = {}): object => ({ type: 'object', properties, ...more });

test.each([
  [
    { type: 'string' },
    { type: 'integer' },
    "A type at path '#/' is different between the {reader} schema and the {writer} schema",
  ],
  [
    object({}),
    object({ b: { type: 'string' } }),
    "The {reader} schema has an open content model and has a property or item at path '#/properties/b' which is missing in the {writer} schema",
  ],
  [
    object({}, { additionalProperties: false }),
    object({ b: { type: 'string' } }, { additionalProperties: false, required: ['b'] }),
    "The {reader} schema has an unopen content model and has a required property at path '#/properties/b' which is missing in the {writer} schema",
  ],
  [
    object({ b: {} }, { additionalProperties: false }),
    object({}, { additionalProperties: false }),
    "The {reader} schema has a closed content model and is missing a property or item present at path '#/properties/b' in the {writer} schema",
  ],
  [
    { type: 'string' },
    { type: 'string', maxLength: 3 },
    "The keyword at path '#/maxLength' in the {reader} schema is not present in the {writer} schema",
  ],
  [
    { type: 'string', maxLength: 4 },
    { type: 'string', maxLength: 3 },
    "The value at path '#/maxLength' in the {reader} schema is less than its value in the {writer} schema",
  ],
  [
    { minimum: 4 },
    { minimum: 5 },
    "The value at path '#/minimum' in the {reader} schema is more than its value in the {writer} schema",
  ],
  [
    { type: 'string', pattern: 'a' },
    { type: 'string', pattern: 'b' },
    "The value at path '#/pattern' is different between the {reader} and {writer} schema",
  ],
  [
    { enum: [1, 2] },
    { enum: [1] },
    "An array or combined type at path '#/enum' has fewer elements in the {reader} schema than the {writer} schema",
  ],
  [
    { allOf: [{ type: 'string' }] },
    { allOf: [{ type: 'string' }, { minLength: 1 }] },
    "An array or combined type at path '#/' has more elements in the {reader} schema than the {writer} schema",
  ],
])('%j -> %j: in the words that clients know', (writer, reader, description) => {
  expect(first(writer, reader).description).toBe(description);
});

test('every type of change is described with its path and has a fix for both directions', () => {
  for (const type of CHANGE_TYPES) {
    expect(describeChange(type, '#/properties/x')).toContain("'#/properties/x'");
    const fix = fixOf(type, '#/properties/x');
    expect([fix.ifReaderIsNew, fix.ifWriterIsNew].every((text) => /#\/properties\/x|"x"/.test(text))).toBe(true);
  }
});

test('schemas that found no partner say what stands in the way', () => {
  const difference = first(
    object({ s: { type: 'string', enum: ['a', 'b'] } }),
    object({ s: { type: 'string', enum: ['a'] } }),
  );
  expect(difference).toMatchObject({ type: 'COMBINED_TYPE_SUBSCHEMAS_CHANGED', path: '#/properties/s' });
  expect(difference.fix.ifReaderIsNew).toContain('ENUM_ARRAY_NARROWED at #/properties/s/enum');
});
