import { describe, expect, test } from '@jest/globals';
import { parseJsonSchema } from '#libs/formats/json-schema';
import { jsonSchemaRules } from '../src/index.ts';

type Policy = 'STRICT' | 'LENIENT' | 'LOGICAL';

const parse = (schema: unknown): ReturnType<typeof parseJsonSchema> => parseJsonSchema(JSON.stringify(schema), []);
const breaks = (writer: unknown, reader: unknown, policy: Policy): string[] =>
  jsonSchemaRules.differences(parse(reader), parse(writer), { policy }).map(({ type }) => type);

const without = { type: 'object', properties: { a: { type: 'string' } } };
const property = {
  optional: { properties: { a: { type: 'string' }, b: { type: 'string' } } },
  required: { properties: { a: { type: 'string' }, b: { type: 'string' } }, required: ['b'] },
  'required with default': {
    properties: { a: { type: 'string' }, b: { type: 'string', default: '' } },
    required: ['b'],
  },
};

describe('adding and removing a property, by content model and policy', () => {
  test.each([
    ['STRICT', 'open', 'added', 'optional', false],
    ['STRICT', 'open', 'added', 'required', false],
    ['STRICT', 'open', 'added', 'required with default', false],
    ['STRICT', 'open', 'removed', 'optional', true],
    ['STRICT', 'open', 'removed', 'required', true],
    ['STRICT', 'open', 'removed', 'required with default', true],
    ['STRICT', 'closed', 'added', 'optional', true],
    ['STRICT', 'closed', 'added', 'required', false],
    ['STRICT', 'closed', 'added', 'required with default', true],
    ['STRICT', 'closed', 'removed', 'optional', false],
    ['STRICT', 'closed', 'removed', 'required', false],
    ['STRICT', 'closed', 'removed', 'required with default', false],
    ['LENIENT', 'open', 'added', 'optional', true],
    ['LENIENT', 'open', 'added', 'required', false],
    ['LENIENT', 'open', 'added', 'required with default', true],
    ['LENIENT', 'open', 'removed', 'optional', true],
    ['LENIENT', 'open', 'removed', 'required', true],
    ['LENIENT', 'open', 'removed', 'required with default', true],
    ['LENIENT', 'closed', 'added', 'optional', true],
    ['LENIENT', 'closed', 'added', 'required', false],
    ['LENIENT', 'closed', 'added', 'required with default', true],
    ['LENIENT', 'closed', 'removed', 'optional', true],
    ['LENIENT', 'closed', 'removed', 'required', true],
    ['LENIENT', 'closed', 'removed', 'required with default', true],
  ] as const)('%s, %s: %s, %s', (policy, model, direction, kind, compatible) => {
    const rest = model === 'closed' ? { additionalProperties: false } : {};
    const small = { ...without, ...rest };
    const large = { type: 'object', ...property[kind], ...rest };
    const found = direction === 'added' ? breaks(small, large, policy) : breaks(large, small, policy);
    expect(found.length === 0).toBe(compatible);
  });
});

test('LENIENT reaches into combined and referenced schemas', () => {
  const wrap = (schema: object): object => ({
    allOf: [{ $ref: '#/definitions/x' }, { title: 't' }],
    definitions: { x: schema },
  });
  const large = { type: 'object', ...property.optional };
  expect(breaks(wrap(without), wrap(large), 'STRICT')).toEqual(['COMBINED_TYPE_SUBSCHEMAS_CHANGED']);
  expect(breaks(wrap(without), wrap(large), 'LENIENT')).toEqual([]);
});

test('LENIENT does not allow other changes, and LOGICAL is as STRICT', () => {
  expect(breaks({ type: 'string' }, { type: 'integer' }, 'LENIENT')).toEqual(['TYPE_CHANGED']);
  expect(breaks({ type: 'string' }, { type: 'string', maxLength: 1 }, 'LENIENT')).toEqual(['MAX_LENGTH_ADDED']);
  expect(breaks(without, { type: 'object', ...property.optional }, 'LOGICAL')).toEqual([
    'OPTIONAL_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL',
  ]);
});

test('restricting undeclared properties is allowed by LENIENT alone', () => {
  const closed = { ...without, additionalProperties: false };
  const partly = { ...without, additionalProperties: { type: 'string' } };
  expect(breaks(without, closed, 'STRICT')).toEqual(['ADDITIONAL_PROPERTIES_REMOVED']);
  expect(breaks(without, partly, 'STRICT')).toEqual(['ADDITIONAL_PROPERTIES_NARROWED']);
  expect([breaks(without, closed, 'LENIENT'), breaks(without, partly, 'LENIENT')]).toEqual([[], []]);
});
