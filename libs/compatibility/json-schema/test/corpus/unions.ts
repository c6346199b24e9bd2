import type { Case } from './case.ts';

const text = { type: 'string' };
const whole = { type: 'integer' };
const number = { type: 'number' };
const none = { type: 'null' };
const closed = (properties: object): object => ({ type: 'object', properties, additionalProperties: false });
const open = (properties: object): object => ({ type: 'object', properties });

/** Alternatives inside other schemas, of objects, and written in different ways. */
export const unions: readonly Case[] = [
  [
    'of objects: one gains a property',
    { oneOf: [closed({ k: { const: 'a' } }), closed({ k: { const: 'b' } })] },
    { oneOf: [closed({ k: { const: 'b' } }), closed({ k: { const: 'a' }, v: text })] },
    'OPTIONAL_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL oneOf/0/properties/v',
  ],
  [
    'of objects: one loses a property',
    { oneOf: [closed({ k: { const: 'a' }, v: text }), closed({ k: { const: 'b' } })] },
    { oneOf: [closed({ k: { const: 'a' } }), closed({ k: { const: 'b' } })] },
    '!COMBINED_TYPE_SUBSCHEMAS_CHANGED',
  ],
  [
    'in a property: one added',
    open({ a: { anyOf: [text, none] } }),
    open({ a: { anyOf: [none, text, whole] } }),
    'SUM_TYPE_EXTENDED properties/a',
  ],
  [
    'in items: one removed',
    { type: 'array', items: { oneOf: [text, none] } },
    { type: 'array', items: { oneOf: [text] } },
    '!SUM_TYPE_NARROWED items',
  ],
  [
    'of references in another order, one loosened',
    {
      allOf: [{ $ref: '#/definitions/x' }, { $ref: '#/definitions/y' }],
      definitions: { x: { maxLength: 3 }, y: text },
    },
    {
      allOf: [{ $ref: '#/definitions/y' }, { $ref: '#/definitions/x' }],
      definitions: { x: { maxLength: 4 }, y: text },
    },
    'MAX_LENGTH_INCREASED allOf/0/maxLength',
  ],
  [
    'replaced altogether',
    { anyOf: [text, none] },
    { anyOf: [whole, { type: 'boolean' }] },
    '!COMBINED_TYPE_SUBSCHEMAS_CHANGED',
  ],
  [
    'one of two stays, the other is replaced',
    { anyOf: [text, none] },
    { anyOf: [{ ...text, title: 't' }, whole] },
    '!COMBINED_TYPE_SUBSCHEMAS_CHANGED',
    'TITLE_CHANGED anyOf/0',
  ],
  ['down to one', { anyOf: [text, none] }, { anyOf: [text] }, '!SUM_TYPE_NARROWED'],
  ['up from one', { anyOf: [text] }, { anyOf: [none, text] }, 'SUM_TYPE_EXTENDED'],
  [
    'within a union: one widened',
    { anyOf: [{ oneOf: [text, none] }, whole] },
    { anyOf: [{ oneOf: [text, none] }, number] },
    'TYPE_EXTENDED anyOf/1',
  ],
  [
    'an object that may be null gains a property',
    { type: ['object', 'null'], properties: { a: text } },
    { type: ['object', 'null'], properties: { a: text, b: text } },
    '!COMBINED_TYPE_SUBSCHEMAS_CHANGED',
  ],
  [
    'a closed object that may be null gains a property',
    { ...closed({ a: text }), type: ['object', 'null'] },
    { ...closed({ a: text, b: text }), type: ['null', 'object'] },
    'OPTIONAL_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL properties/b',
  ],
  ['a list of types to anyOf', { type: ['string', 'null'] }, { anyOf: [text, none] }],
  ['a list of types to oneOf', { type: ['string', 'null'] }, { oneOf: [text, none] }, '!COMBINED_TYPE_CHANGED'],
  ['anyOf to a list of types', { anyOf: [text, none] }, { type: ['null', 'string', 'integer'] }, 'SUM_TYPE_EXTENDED'],
  ['an enum to a type', { enum: ['a', 'b'] }, text, '!TYPE_CHANGED'],
  ['a type to a constant', text, { const: 'a' }, '!TYPE_CHANGED'],
  [
    'a typed constant to an enum with it',
    { ...text, const: 'a' },
    { ...text, enum: ['a', 'b'] },
    '!COMBINED_TYPE_SUBSCHEMAS_CHANGED',
  ],
  ['the constant null', { const: null }, { const: null }],
  ['an enum of several types narrowed', { enum: [1, 'a', null] }, { enum: [1, 'a'] }, '!ENUM_ARRAY_NARROWED enum'],
  [
    'not: forbids shorter texts alone',
    { not: { type: 'string', maxLength: 3 } },
    { not: { type: 'string', maxLength: 2 } },
    'NOT_TYPE_NARROWED not',
  ],
  [
    'not: forbids longer texts, too',
    { not: { type: 'string', maxLength: 2 } },
    { not: { type: 'string', maxLength: 3 } },
    '!NOT_TYPE_EXTENDED not',
  ],
  ['not: added to a property', open({ a: {} }), open({ a: { not: none } }), '!TYPE_CHANGED properties/a'],
];

const partly = (properties: object, more: object = {}): object => ({
  type: 'object',
  properties,
  patternProperties: { '^s_': text },
  additionalProperties: whole,
  ...more,
});

/** Properties by pattern, and a schema for the rest. */
export const partlyOpen: readonly Case[] = [
  [
    'added under the pattern',
    partly({}),
    partly({ s_a: text }),
    'PROPERTY_ADDED_IS_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL properties/s_a',
    'OPTIONAL_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL properties/s_a',
  ],
  [
    'added beside it',
    partly({}),
    partly({ b: number }),
    'TYPE_EXTENDED properties/b',
    'PROPERTY_ADDED_IS_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL properties/b',
    'OPTIONAL_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL properties/b',
  ],
  [
    'added beside it, not covered',
    partly({}),
    partly({ b: text }),
    '!TYPE_CHANGED properties/b',
    '!PROPERTY_ADDED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL properties/b',
    'OPTIONAL_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL properties/b',
  ],
  [
    'removed beside it',
    partly({ b: whole }),
    partly({}),
    'PROPERTY_REMOVED_IS_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL properties/b',
  ],
  [
    'removed under the pattern, not covered',
    partly({ s_a: { ...text, maxLength: 1 } }),
    partly({}, { patternProperties: { '^s_': whole } }),
    '!TYPE_CHANGED properties/s_a',
    '!PROPERTY_REMOVED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL properties/s_a',
    '!TYPE_CHANGED patternProperties/^s_',
  ],
  [
    'required added under the pattern',
    partly({}),
    partly({ s_a: text }, { required: ['s_a'] }),
    'PROPERTY_ADDED_IS_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL properties/s_a',
    '!REQUIRED_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL properties/s_a',
  ],
  [
    'required with default added under the pattern',
    partly({}),
    partly({ s_a: { ...text, default: '' } }, { required: ['s_a'] }),
    'DEFAULT_CHANGED properties/s_a',
    'PROPERTY_ADDED_IS_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL properties/s_a',
    'REQUIRED_PROPERTY_WITH_DEFAULT_ADDED_TO_UNOPEN_CONTENT_MODEL properties/s_a',
  ],
];
