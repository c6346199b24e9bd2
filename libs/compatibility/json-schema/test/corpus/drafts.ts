import type { Case } from './case.ts';

const text = { type: 'string' };
const whole = { type: 'integer' };
const number = { type: 'number' };
const draft4 = { $schema: 'http://json-schema.org/draft-04/schema#' };
const middle = { $schema: 'https://json-schema.org/draft/2019-09/schema' };
const newer = { $schema: 'https://json-schema.org/draft/2020-12/schema' };
const list = (more: object): object => ({ ...newer, type: 'array', ...more });
const needing = (more: object): object => ({ ...newer, type: 'object', ...more });

/** What one draft writes otherwise than another. */
export const drafts: readonly Case[] = [
  [
    'a flag of draft 4 to the number of draft 7',
    { ...draft4, type: 'number', maximum: 5, exclusiveMaximum: true },
    { type: 'number', exclusiveMaximum: 5 },
    'MAXIMUM_REMOVED maximum',
  ],
  [
    'the number of draft 7 to a flag of draft 4',
    { type: 'number', exclusiveMinimum: 5 },
    { ...draft4, type: 'number', minimum: 5, exclusiveMinimum: true },
    '!MINIMUM_ADDED minimum',
  ],
  [
    'a flag that is false',
    { ...draft4, type: 'number', minimum: 5 },
    { ...draft4, type: 'number', minimum: 5, exclusiveMinimum: false },
  ],
  [
    'definitions to $defs',
    { definitions: { x: text }, properties: { a: { $ref: '#/definitions/x' } } },
    { $defs: { x: text }, properties: { a: { $ref: '#/$defs/x' } } },
  ],
  [
    'a definition through another',
    { definitions: { x: text, y: { $ref: '#/definitions/x' } }, properties: { a: { $ref: '#/definitions/y' } } },
    { properties: { a: text } },
  ],
  [
    'a limit beside $ref from 2019-09 on',
    { ...middle, $ref: '#/$defs/x', maxLength: 3, $defs: { x: text } },
    { ...middle, $ref: '#/$defs/x', maxLength: 4, $defs: { x: text } },
    'MAX_LENGTH_INCREASED maxLength',
  ],
  ['items from true to text', { type: 'array', items: true }, { type: 'array', items: text }, '!TYPE_CHANGED items'],
  ['items from false to text', { type: 'array', items: false }, { type: 'array', items: text }],
  ['2020-12: items closed', list({}), list({ items: false }), '!ADDITIONAL_ITEMS_REMOVED additionalItems'],
  ['2020-12: items opened', list({ items: false }), list({}), 'ADDITIONAL_ITEMS_ADDED additionalItems'],
  ['2020-12: items: true is the default', list({}), list({ items: true })],
  [
    '2020-12: items closed from a schema',
    list({ items: text }),
    list({ items: false }),
    'SCHEMA_REMOVED items',
    '!ADDITIONAL_ITEMS_REMOVED additionalItems',
  ],
  [
    '2020-12: items from false to text',
    list({ items: false }),
    list({ items: text }),
    '!SCHEMA_ADDED items',
    'ADDITIONAL_ITEMS_ADDED additionalItems',
  ],
  [
    '2020-12: no tuple any more',
    list({ prefixItems: [text] }),
    list({}),
    'ITEM_REMOVED_FROM_OPEN_CONTENT_MODEL items/0',
  ],
  [
    'a tuple to one schema',
    { type: 'array', items: [text, text] },
    { type: 'array', items: text },
    '!SCHEMA_ADDED items',
    'ITEM_REMOVED_FROM_OPEN_CONTENT_MODEL items/0',
    'ITEM_REMOVED_FROM_OPEN_CONTENT_MODEL items/1',
  ],
  [
    'dependentRequired to dependentSchemas',
    needing({ dependentRequired: { a: ['b'] } }),
    needing({ dependentSchemas: { a: { required: ['b'] } } }),
    'DEPENDENCY_ARRAY_REMOVED dependencies/a',
    '!DEPENDENCY_SCHEMA_ADDED dependencies/a',
  ],
  [
    'dependentRequired removed',
    needing({ dependentRequired: { a: ['b'] } }),
    needing({}),
    'DEPENDENCY_ARRAY_REMOVED dependencies/a',
  ],
  [
    'dependentRequired narrowed',
    needing({ dependentRequired: { a: ['b', 'c'] } }),
    needing({ dependentRequired: { a: ['b'] } }),
    'DEPENDENCY_ARRAY_NARROWED dependencies/a',
  ],
  [
    'dependentSchemas loosened',
    needing({ dependentSchemas: { a: { maxProperties: 2 } } }),
    needing({ dependentSchemas: { a: { maxProperties: 3 } } }),
    'MAX_PROPERTIES_INCREASED dependencies/a/maxProperties',
  ],
  ['draft 7 knows no dependentRequired', { type: 'object' }, { type: 'object', dependentRequired: { a: ['b'] } }],
  ['true to {}', true, {}],
  ['{} to true', {}, true],
  ['{} to false', {}, false, '!TYPE_CHANGED'],
  ['false to an object', false, { type: 'object', properties: { a: text } }],
  [
    'a property from true to false',
    { properties: { a: true } },
    { properties: { a: false } },
    '!TYPE_CHANGED properties/a',
  ],
  ['a property from false to text', { properties: { a: false } }, { properties: { a: text } }],
  ['a type dropped, its limit kept', { ...whole, minimum: 1 }, { minimum: 1 }, 'TYPE_EXTENDED'],
  ['a limit given the type', { minimum: 1 }, { ...whole, minimum: 1 }, '!TYPE_NARROWED'],
  [
    'no type to a list of all',
    {},
    { type: ['string', 'number', 'integer', 'boolean', 'null', 'array', 'object'] },
    '!TYPE_CHANGED',
  ],
  ['format does not count', { ...text, format: 'date' }, { ...text, format: 'email' }],
];

const connect = (schema: object, type = 'bytes'): object => ({ ...schema, title: 'Decimal', 'connect.type': type });

/** Decimals, which converters of Kafka Connect write as text or as numbers. */
export const connectTypes: readonly Case[] = [
  ['bytes as text and as numbers', connect(text), connect(number)],
  ['bytes as numbers and as text', connect(number), connect(text)],
  ['bytes in a union', { oneOf: [{ type: 'null' }, connect(text)] }, { oneOf: [{ type: 'null' }, connect(number)] }],
  ['another type', connect(text, 'int8'), connect(number, 'int8'), '!TYPE_CHANGED'],
  ['bytes on one side alone', connect(text), number, 'TITLE_CHANGED', '!TYPE_CHANGED'],
];
