import { describe, expect, test } from '@jest/globals';
import { parseJsonSchema } from '#libs/formats/json-schema';
import { CHANGE_TYPES, jsonSchemaRules, jsonSchemaRulesOf7 } from '../src/index.ts';
import { isAllowed } from '../src/change-type.ts';

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

test('STRICT allows 65 types of changes and LENIENT 9 more', () => {
  const allowed = (policy: Policy): string[] => CHANGE_TYPES.filter((type) => isAllowed(type, policy));
  expect([allowed('STRICT').length, allowed('LOGICAL').length, allowed('LENIENT').length]).toEqual([65, 65, 74]);
  expect(allowed('LENIENT').filter((type) => !allowed('STRICT').includes(type))).toEqual([
    'ADDITIONAL_PROPERTIES_REMOVED',
    'ADDITIONAL_PROPERTIES_NARROWED',
    'UNEVALUATED_PROPERTIES_REMOVED',
    'UNEVALUATED_PROPERTIES_NARROWED',
    'OPTIONAL_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL',
    'REQUIRED_PROPERTY_WITH_DEFAULT_ADDED_TO_OPEN_CONTENT_MODEL',
    'PROPERTY_REMOVED_FROM_CLOSED_CONTENT_MODEL',
    'PROPERTY_ADDED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL',
    'PROPERTY_REMOVED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL',
  ]);
});

test('restricting what is left over is allowed by LENIENT alone, for items by none', () => {
  const newer = { $schema: 'https://json-schema.org/draft/2020-12/schema' };
  const [open, closed] = [
    { ...newer, ...without },
    { ...newer, ...without, unevaluatedProperties: false },
  ];
  expect(breaks(open, closed, 'STRICT')).toEqual(['UNEVALUATED_PROPERTIES_REMOVED']);
  expect(breaks(open, closed, 'LENIENT')).toEqual([]);
  const list = { ...newer, type: 'array', prefixItems: [true] };
  expect(breaks(list, { ...list, unevaluatedItems: false }, 'LENIENT')).toEqual(['UNEVALUATED_ITEMS_REMOVED']);
});

test.each(Object.entries(property))('7 has one name for a property added to an open model: %s', (_kind, large) => {
  const pair = [parse({ type: 'object', ...large }), parse(without)] as const;
  const found = jsonSchemaRulesOf7.differences(...pair, { policy: 'STRICT' });
  const [now] = jsonSchemaRules.differences(...pair, { policy: 'STRICT' });
  expect(found).toEqual([{ ...now, type: 'PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL' }]);
});

test('7 names and judges everything else as 8 does', () => {
  const closed = { ...without, additionalProperties: false };
  const large = { type: 'object', ...property.required, additionalProperties: false };
  for (const [reader, writer] of [
    [closed, large],
    [large, closed],
  ]) {
    const [of7, of8] = [jsonSchemaRulesOf7, jsonSchemaRules].map((rules) =>
      rules.differences(parse(reader), parse(writer), { policy: 'STRICT' }),
    );
    expect(of7!.map(({ type, path }) => [type, path])).toEqual(of8!.map(({ type, path }) => [type, path]));
  }
  const [removed] = jsonSchemaRulesOf7.differences(parse(closed), parse(large), { policy: 'STRICT' });
  expect(removed!.description).toContain('The {reader} has a closed content model');
});
