import type { Case } from './case.ts';

const text = { type: 'string' };
const whole = { type: 'integer' };
const newer = { $schema: 'https://json-schema.org/draft/2020-12/schema' };
const a = { a: text };
const ab = { a: text, b: whole };

const based = (properties: object, more: object = {}): object => ({
  ...newer,
  type: 'object',
  $defs: { base: { type: 'object', properties: { id: text }, ...more } },
  allOf: [{ $ref: '#/$defs/base' }],
  properties,
  unevaluatedProperties: false,
});
const without = (schema: object, keyword: string): object =>
  Object.fromEntries(Object.entries(schema).filter(([name]) => name !== keyword));
const choosing = (first: object, more: object = {}): object => ({
  ...newer,
  type: 'object',
  properties: { kind: text },
  unevaluatedProperties: false,
  oneOf: [{ properties: first }, { properties: { z: text } }],
  ...more,
});

export const extended: readonly Case[] = [
  ['the same', based(a), based(a)],
  [
    'a property added beside the base',
    based(a),
    based(ab),
    'OPTIONAL_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL properties/b',
  ],
  ['a property removed beside the base', based(ab), based(a), '!COMBINED_TYPE_SUBSCHEMAS_CHANGED'],
  [
    'what was added stands in the base already',
    based(a),
    based({ ...a, id: whole }),
    '!COMBINED_TYPE_SUBSCHEMAS_CHANGED',
  ],
  [
    'no longer closed',
    based(a),
    without(based(a), 'unevaluatedProperties'),
    'UNEVALUATED_PROPERTIES_ADDED unevaluatedProperties',
  ],
  ['closed', without(based(a), 'unevaluatedProperties'), based(a), '!COMBINED_TYPE_SUBSCHEMAS_CHANGED'],
  [
    'moved into the base',
    based(ab),
    { ...based(a), $defs: { base: { type: 'object', properties: { id: text, b: whole } } } },
    'PROPERTY_REMOVED_FROM_OPEN_CONTENT_MODEL properties/b',
    '!COMBINED_TYPE_SUBSCHEMAS_CHANGED',
  ],
  [
    'the base loses a property',
    based(a),
    { ...based(a), $defs: { base: { type: 'object' } } },
    'PROPERTY_REMOVED_FROM_OPEN_CONTENT_MODEL allOf/0/properties/id',
    '!COMBINED_TYPE_SUBSCHEMAS_CHANGED',
  ],
  [
    'the base loosens a limit',
    based(a, { maxProperties: 3 }),
    based(a, { maxProperties: 4 }),
    'MAX_PROPERTIES_INCREASED allOf/0/maxProperties',
  ],
  [
    'an alternative lets go of a property',
    choosing({ y: text }),
    choosing({}),
    'PROPERTY_REMOVED_FROM_OPEN_CONTENT_MODEL oneOf/0/properties/y',
    '!COMBINED_TYPE_SUBSCHEMAS_CHANGED',
  ],
  [
    'a property that an alternative may hold',
    choosing({ y: text }),
    choosing({ y: text }, { properties: { kind: text, y: whole } }),
    '!COMBINED_TYPE_SUBSCHEMAS_CHANGED',
  ],
  [
    'a property beside the alternatives',
    choosing({ y: text }),
    choosing({ y: text }, { properties: { kind: text, w: whole } }),
    'OPTIONAL_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL properties/w',
  ],
  [
    'a plain reference beside it',
    { ...newer, $ref: '#/$defs/b', unevaluatedProperties: false, $defs: { b: { type: 'object', properties: a } } },
    {
      ...newer,
      $ref: '#/$defs/b',
      unevaluatedProperties: false,
      $defs: { b: { type: 'object', properties: a, title: 't' } },
    },
    'TITLE_CHANGED',
  ],
];
