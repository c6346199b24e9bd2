import type { Case } from './case.ts';

const text = { type: 'string' };
const whole = { type: 'integer' };
const referring = (definition: unknown, more: object = {}): object => ({
  type: 'object',
  properties: { a: { $ref: '#/definitions/x' } },
  definitions: { x: definition },
  ...more,
});
const newer = { $schema: 'https://json-schema.org/draft/2020-12/schema' };
const tree = (value: unknown, more: object = {}): object => ({
  type: 'object',
  properties: { value, children: { type: 'array', items: { $ref: '#' } } },
  additionalProperties: false,
  ...more,
});
const list = (value: unknown): object => ({
  definitions: {
    node: {
      type: 'object',
      properties: { value, next: { anyOf: [{ type: 'null' }, { $ref: '#/definitions/node' }] } },
      additionalProperties: false,
    },
  },
  $ref: '#/definitions/node',
});

const pair = (v: unknown, more: object = {}): object => {
  const closed = (properties: object): object => ({ type: 'object', properties, additionalProperties: false });
  return {
    $ref: '#/definitions/p',
    definitions: {
      p: closed({ q: { $ref: '#/definitions/q' }, v }),
      q: closed({ p: { $ref: '#/definitions/p' }, ...more }),
    },
  };
};

const held = (z: unknown, anyOf: readonly unknown[]): object => {
  const closed = (properties: object): object => ({ type: 'object', properties, additionalProperties: false });
  return {
    ...closed({ x: { anyOf }, y: { $ref: '#/definitions/part' } }),
    definitions: {
      outer: closed({ a: { $ref: '#/definitions/part' }, z }),
      part: closed({ outer: { $ref: '#/definitions/outer' } }),
    },
  };
};

export const references: readonly Case[] = [
  ['inlined', referring(text), { type: 'object', properties: { a: text } }],
  ['extracted', { type: 'object', properties: { a: text } }, referring(text)],
  ['definition changed', referring(text), referring(whole), '!TYPE_CHANGED properties/a'],
  ['definition widened', referring(whole), referring({ type: 'number' }), 'TYPE_EXTENDED properties/a'],
  [
    'definition renamed',
    referring(text),
    { type: 'object', properties: { a: { $ref: '#/definitions/y' } }, definitions: { y: text } },
  ],
  ['unused definition changed', referring(text, { $defs: { z: text } }), referring(text, { $defs: { z: whole } })],
  [
    'up to draft 7 siblings of $ref do not count',
    referring(text),
    { type: 'object', properties: { a: { $ref: '#/definitions/x', maxLength: 3 } }, definitions: { x: text } },
  ],
  [
    'from 2019-09 siblings of $ref count',
    { ...newer, ...referring(text) },
    {
      ...newer,
      type: 'object',
      properties: { a: { $ref: '#/definitions/x', maxLength: 3 } },
      definitions: { x: text },
    },
    '!TYPE_CHANGED properties/a',
  ],
  [
    'a sibling of $ref dropped',
    { ...newer, $ref: '#/$defs/x', maxLength: 3, $defs: { x: text } },
    { ...newer, $ref: '#/$defs/x', $defs: { x: text } },
    'PRODUCT_TYPE_NARROWED',
  ],
  [
    'by $id',
    { properties: { a: { $ref: 'http://x/y' } }, definitions: { q: { $id: 'http://x/y', type: 'integer' } } },
    { properties: { a: { $id: 'http://x/y', type: 'number' } } },
    'TYPE_EXTENDED properties/a',
  ],
  [
    'by $anchor',
    { ...newer, $ref: '#here', $defs: { q: { $anchor: 'here', type: 'integer' } } },
    { ...newer, type: 'number' },
    'TYPE_EXTENDED',
  ],
  [
    'two references to one changed definition',
    {
      type: 'object',
      properties: { a: { $ref: '#/definitions/x' }, b: { $ref: '#/definitions/x' } },
      definitions: { x: text },
    },
    {
      type: 'object',
      properties: { a: { $ref: '#/definitions/x' }, b: { $ref: '#/definitions/x' } },
      definitions: { x: whole },
    },
    '!TYPE_CHANGED properties/a',
    '!TYPE_CHANGED properties/b',
  ],
];

export const recursive: readonly Case[] = [
  ['the same', tree(text), tree(text)],
  ['a leaf widened', tree(whole), tree({ type: 'number' }), 'TYPE_EXTENDED properties/value'],
  ['a leaf changed', tree(text), tree(whole), '!TYPE_CHANGED properties/value'],
  ['required added', tree(text), tree(text, { required: ['value'] }), '!REQUIRED_ATTRIBUTE_ADDED required/value'],
  [
    'unrolled once',
    tree(text),
    {
      type: 'object',
      additionalProperties: false,
      properties: { value: text, children: { type: 'array', items: { $ref: '#/definitions/t' } } },
      definitions: {
        t: {
          type: 'object',
          additionalProperties: false,
          properties: { value: text, children: { type: 'array', items: { $ref: '#/definitions/t' } } },
        },
      },
    },
  ],
  ['a list through anyOf', list(whole), list({ type: 'number' }), 'TYPE_EXTENDED properties/value'],
  ['a list through anyOf, broken', list(text), list(whole), '!TYPE_CHANGED properties/value'],
  ['only itself', { $ref: '#' }, { $ref: '#' }],
  [
    'what passed only because the schema around it was taken as the same',
    held(text, [{ $ref: '#/definitions/outer' }]),
    held(whole, [{ $ref: '#/definitions/outer' }, {}]),
    'SUM_TYPE_EXTENDED properties/x',
    '!TYPE_CHANGED properties/y/properties/outer/properties/z',
  ],
  [
    'the same with the one that passed first',
    { ...held(text, [{ $ref: '#/definitions/part' }]) },
    { ...held(whole, [{ $ref: '#/definitions/part' }, {}]) },
    'SUM_TYPE_EXTENDED properties/x',
    '!TYPE_CHANGED properties/y/properties/outer/properties/z',
  ],
  [
    'two that hold each other',
    pair(whole),
    pair({ type: 'number' }, { w: text }),
    'TYPE_EXTENDED properties/v',
    'OPTIONAL_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL properties/q/properties/w',
  ],
  [
    'two that hold each other, broken in the second',
    pair(whole, { w: text }),
    pair(whole, { w: whole }),
    '!TYPE_CHANGED properties/q/properties/w',
  ],
];
