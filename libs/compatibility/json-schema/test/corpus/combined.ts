/* oxlint-disable unicorn/no-thenable -- `then` is a keyword of JSON Schema */
import type { Case } from './case.ts';

const text = { type: 'string' };
const whole = { type: 'integer' };
const number = { type: 'number' };
const none = { type: 'null' };
const few = { maxLength: 5 };
const some = { minLength: 1 };

export const combined: readonly Case[] = [
  ['allOf: another order', { allOf: [text, few] }, { allOf: [few, text] }],
  ['allOf: one added', { allOf: [text] }, { allOf: [text, few] }, '!PRODUCT_TYPE_EXTENDED'],
  ['allOf: one removed', { allOf: [text, few] }, { allOf: [text] }, 'PRODUCT_TYPE_NARROWED'],
  ['allOf: two of three left', { allOf: [text, few, some] }, { allOf: [some, text] }, 'PRODUCT_TYPE_NARROWED'],
  [
    'allOf: one loosened',
    { allOf: [text, few] },
    { allOf: [text, { maxLength: 6 }] },
    'MAX_LENGTH_INCREASED allOf/1/maxLength',
  ],
  [
    'allOf: one tightened',
    { allOf: [text, few] },
    { allOf: [text, { maxLength: 4 }] },
    '!COMBINED_TYPE_SUBSCHEMAS_CHANGED',
  ],
  ['anyOf: another order', { anyOf: [text, none] }, { anyOf: [none, text] }],
  ['anyOf: one added', { anyOf: [text, none] }, { anyOf: [whole, text, none] }, 'SUM_TYPE_EXTENDED'],
  ['anyOf: one removed', { anyOf: [text, none, whole] }, { anyOf: [text, whole] }, '!SUM_TYPE_NARROWED'],
  ['anyOf: one widened', { anyOf: [text, whole] }, { anyOf: [number, text] }, 'TYPE_EXTENDED anyOf/1'],
  ['anyOf: one narrowed', { anyOf: [text, number] }, { anyOf: [whole, text] }, '!COMBINED_TYPE_SUBSCHEMAS_CHANGED'],
  [
    'anyOf: added and one changed',
    { anyOf: [text, number] },
    { anyOf: [whole, text, none] },
    'SUM_TYPE_EXTENDED',
    '!COMBINED_TYPE_SUBSCHEMAS_CHANGED',
  ],
  ['oneOf: one added', { oneOf: [text, none] }, { oneOf: [text, none, whole] }, 'SUM_TYPE_EXTENDED'],
  ['oneOf: one removed', { oneOf: [text, none, whole] }, { oneOf: [text, none] }, '!SUM_TYPE_NARROWED'],
  ['oneOf: another order', { oneOf: [text, none] }, { oneOf: [none, text] }],
  [
    'oneOf: one loosened',
    { oneOf: [{ ...text, ...few }, none] },
    { oneOf: [none, text] },
    'MAX_LENGTH_REMOVED oneOf/0/maxLength',
  ],
  ['allOf to anyOf', { allOf: [text, few] }, { anyOf: [text, few] }, 'COMBINED_TYPE_EXTENDED'],
  ['oneOf to anyOf', { oneOf: [text, none] }, { anyOf: [text, none] }, 'COMBINED_TYPE_EXTENDED'],
  [
    'oneOf to a larger anyOf',
    { oneOf: [text, none] },
    { anyOf: [text, none, whole] },
    'COMBINED_TYPE_EXTENDED',
    'SUM_TYPE_EXTENDED',
  ],
  ['anyOf to oneOf', { anyOf: [text, none] }, { oneOf: [text, none] }, '!COMBINED_TYPE_CHANGED'],
  ['anyOf to allOf', { anyOf: [text, none] }, { allOf: [text, none] }, '!COMBINED_TYPE_CHANGED'],
  ['oneOf to allOf', { oneOf: [text, none] }, { allOf: [text, none] }, '!COMBINED_TYPE_CHANGED'],
  ['allOf to oneOf', { allOf: [text, few] }, { oneOf: [text, few] }, '!COMBINED_TYPE_CHANGED'],
  [
    'a single anyOf to oneOf',
    { anyOf: [text] },
    { oneOf: [text, none] },
    'COMBINED_TYPE_EXTENDED',
    'SUM_TYPE_EXTENDED',
  ],
  [
    'a single allOf to oneOf',
    { allOf: [text] },
    { oneOf: [none, text] },
    'COMBINED_TYPE_EXTENDED',
    'SUM_TYPE_EXTENDED',
  ],
  ['a single oneOf to a single allOf', { oneOf: [text] }, { allOf: [text] }, 'COMBINED_TYPE_EXTENDED'],
  ['a single anyOf to two of all', { anyOf: [text] }, { allOf: [text, few] }, '!COMBINED_TYPE_CHANGED'],
  [
    'two types swapped for a matching pair',
    { anyOf: [whole, number] },
    { anyOf: [number, number] },
    'TYPE_EXTENDED anyOf/0',
  ],
];

export const wrapped: readonly Case[] = [
  ['into anyOf of one', text, { anyOf: [text] }],
  ['out of oneOf of one', { oneOf: [text] }, text],
  ['into allOf of one, loosened', { ...text, ...few }, { allOf: [text] }, 'MAX_LENGTH_REMOVED allOf/0/maxLength'],
  ['into anyOf', text, { anyOf: [none, text] }, 'SUM_TYPE_EXTENDED'],
  ['into oneOf', text, { oneOf: [none, text] }, 'SUM_TYPE_EXTENDED'],
  ['into anyOf without it', text, { anyOf: [none, whole] }, '!TYPE_CHANGED'],
  ['into anyOf, widened', whole, { anyOf: [none, number] }, 'TYPE_EXTENDED anyOf/1', 'SUM_TYPE_EXTENDED'],
  ['into allOf of more', text, { allOf: [text, few] }, '!TYPE_CHANGED'],
  ['out of allOf', { allOf: [few, text] }, text, 'PRODUCT_TYPE_NARROWED'],
  ['out of allOf without it', { allOf: [few, text] }, whole, '!TYPE_CHANGED'],
  ['out of anyOf', { anyOf: [text, none] }, text, '!TYPE_CHANGED'],
  ['out of anything', { anyOf: [text, none] }, {}],
  [
    'a combination beside a type added',
    { type: 'integer' },
    { type: 'integer', anyOf: [{ minimum: 1 }, { maximum: -1 }] },
    '!TYPE_CHANGED',
  ],
  [
    'a combination beside a type removed',
    { type: 'integer', anyOf: [{ minimum: 1 }, { maximum: -1 }] },
    { type: 'integer' },
    'PRODUCT_TYPE_NARROWED',
  ],
  [
    'a limit beside a combination loosened',
    { type: 'number', maximum: 5, anyOf: [{ minimum: 1 }] },
    { type: 'number', maximum: 6, anyOf: [{ minimum: 1 }] },
    'MAXIMUM_INCREASED maximum',
  ],
  [
    'a limit beside a combination tightened',
    { type: 'number', maximum: 5, anyOf: [{ minimum: 1 }] },
    { type: 'number', maximum: 4, anyOf: [{ minimum: 1 }] },
    '!COMBINED_TYPE_SUBSCHEMAS_CHANGED',
  ],
  [
    'alternatives opened, each compared with its own',
    {
      anyOf: [
        { type: 'object', properties: { a: text }, additionalProperties: false },
        { type: 'object', properties: { b: text }, additionalProperties: false },
      ],
    },
    {
      anyOf: [
        { type: 'object', properties: { b: text } },
        { type: 'object', properties: { a: text } },
      ],
    },
    'ADDITIONAL_PROPERTIES_ADDED anyOf/0/additionalProperties',
    'ADDITIONAL_PROPERTIES_ADDED anyOf/1/additionalProperties',
  ],
];

export const negated: readonly Case[] = [
  ['the same', { not: text }, { not: text }],
  ['forbids less', { not: number }, { not: whole }, 'NOT_TYPE_NARROWED not'],
  ['forbids more', { not: whole }, { not: number }, '!NOT_TYPE_EXTENDED not'],
  ['forbids something else', { not: text }, { not: whole }, '!NOT_TYPE_EXTENDED not'],
  ['added', {}, { not: text }, '!TYPE_CHANGED'],
  ['removed', { not: text }, {}],
  ['beside a type removed', { type: 'string', not: few }, text, 'PRODUCT_TYPE_NARROWED'],
  ['a title within', { not: text }, { not: { ...text, title: 'x' } }],
];

const when = { properties: { kind: { const: 'a' } } };

export const conditional: readonly Case[] = [
  ['the same', { if: when, then: { required: ['b'] } }, { if: when, then: { required: ['b'] } }],
  [
    'then tightened',
    { if: when, then: { required: ['b'] } },
    { if: when, then: { required: ['b', 'c'] } },
    '!REQUIRED_ATTRIBUTE_ADDED then/required/c',
  ],
  ['then loosened', { if: when, then: { required: ['b'] } }, { if: when, then: {} }],
  ['else added', { if: when, then: true }, { if: when, then: true, else: text }, '!SCHEMA_ADDED else'],
  ['else removed', { if: when, else: text }, { if: when }, 'SCHEMA_REMOVED else'],
  ['if changed', { if: when, then: text }, { if: { required: ['kind'] }, then: text }, '!TYPE_CHANGED if'],
  ['then without if means nothing', {}, { then: text }],
  [
    'draft 4 knows no if',
    { $schema: 'http://json-schema.org/draft-04/schema#' },
    { $schema: 'http://json-schema.org/draft-04/schema#', if: when, then: text },
  ],
];
