import type { Case } from './case.ts';

const text = { type: 'string' };
const whole = { type: 'integer' };
const object = (properties: object, more: object = {}): object => ({ type: 'object', properties, ...more });
const closed = (properties: object, more: object = {}): object =>
  object(properties, { ...more, additionalProperties: false });
const a = { a: text };

const patterns = (map: object, more: object = {}): object => ({ type: 'object', patternProperties: map, ...more });
const shut = { additionalProperties: false };

export const patternProperties: readonly Case[] = [
  [
    'covered by its pattern',
    patterns({ '^s_': text }, shut),
    patterns({ '^s_': text }, { ...shut, properties: { s_a: text } }),
    'PROPERTY_ADDED_IS_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL properties/s_a',
    'OPTIONAL_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL properties/s_a',
  ],
  [
    'not covered by its pattern',
    patterns({ '^s_': text }, shut),
    patterns({ '^s_': text }, { ...shut, properties: { s_a: whole } }),
    '!TYPE_CHANGED properties/s_a',
    '!PROPERTY_ADDED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL properties/s_a',
    'OPTIONAL_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL properties/s_a',
  ],
  [
    'beside the pattern',
    patterns({ '^s_': text }, shut),
    patterns({ '^s_': text }, { ...shut, properties: { t: whole } }),
    'OPTIONAL_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL properties/t',
  ],
  [
    'beside the pattern, open',
    patterns({ '^s_': text }),
    patterns({ '^s_': text }, { properties: { t: whole } }),
    '!OPTIONAL_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL properties/t',
  ],
  [
    'removed, the pattern stays',
    patterns({ '^s_': text }, { ...shut, properties: { s_a: text } }),
    patterns({ '^s_': text }, shut),
    'PROPERTY_REMOVED_IS_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL properties/s_a',
  ],
  [
    'removed beside the pattern',
    patterns({ '^s_': text }, { ...shut, properties: { t: text } }),
    patterns({ '^s_': text }, shut),
    '!PROPERTY_REMOVED_FROM_CLOSED_CONTENT_MODEL properties/t',
  ],
  [
    'pattern schema widened',
    patterns({ '^n_': whole }),
    patterns({ '^n_': { type: 'number' } }),
    'TYPE_EXTENDED patternProperties/^n_',
  ],
  [
    'pattern schema changed',
    patterns({ '^n_': whole }),
    patterns({ '^n_': text }),
    '!TYPE_CHANGED patternProperties/^n_',
  ],
  [
    'pattern added to an open model',
    patterns({}),
    patterns({ '^n_': whole }),
    '!ADDITIONAL_PROPERTIES_NARROWED patternProperties/^n_',
  ],
  ['pattern added to a closed model', patterns({}, shut), patterns({ '^n_': whole }, shut)],
  [
    'pattern removed from an open model',
    patterns({ '^n_': whole }),
    patterns({}),
    'PROPERTY_REMOVED_FROM_OPEN_CONTENT_MODEL patternProperties/^n_',
  ],
  [
    'pattern removed from a closed model',
    patterns({ '^n_': whole }, shut),
    patterns({}, shut),
    '!PROPERTY_REMOVED_FROM_CLOSED_CONTENT_MODEL patternProperties/^n_',
  ],
  [
    'pattern hits a declared property',
    closed({ n_a: text }),
    closed({ n_a: text }, { patternProperties: { '^n_': whole } }),
    '!ADDITIONAL_PROPERTIES_NARROWED patternProperties/^n_',
  ],
  [
    'pattern misses the declared property',
    closed({ a: text }),
    closed({ a: text }, { patternProperties: { '^n_': whole } }),
  ],
  [
    'a pattern that is not decided is not trusted',
    patterns({ '(?=s)s': text }, shut),
    patterns({ '(?=s)s': text }, { ...shut, properties: { s: text } }),
    '!TYPE_CHANGED properties/s',
    '!PROPERTY_ADDED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL properties/s',
    'OPTIONAL_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL properties/s',
  ],
];

export const objectLimits: readonly Case[] = [
  ['maxProperties added', object(a), object(a, { maxProperties: 3 }), '!MAX_PROPERTIES_ADDED maxProperties'],
  ['maxProperties removed', object(a, { maxProperties: 3 }), object(a), 'MAX_PROPERTIES_REMOVED maxProperties'],
  [
    'maxProperties raised',
    object(a, { maxProperties: 3 }),
    object(a, { maxProperties: 4 }),
    'MAX_PROPERTIES_INCREASED maxProperties',
  ],
  [
    'maxProperties lowered',
    object(a, { maxProperties: 3 }),
    object(a, { maxProperties: 2 }),
    '!MAX_PROPERTIES_DECREASED maxProperties',
  ],
  ['minProperties added', object(a), object(a, { minProperties: 1 }), '!MIN_PROPERTIES_ADDED minProperties'],
  ['minProperties removed', object(a, { minProperties: 1 }), object(a), 'MIN_PROPERTIES_REMOVED minProperties'],
  [
    'minProperties raised',
    object(a, { minProperties: 1 }),
    object(a, { minProperties: 2 }),
    '!MIN_PROPERTIES_INCREASED minProperties',
  ],
  [
    'minProperties lowered',
    object(a, { minProperties: 2 }),
    object(a, { minProperties: 1 }),
    'MIN_PROPERTIES_DECREASED minProperties',
  ],
  ['propertyNames added', object(a), object(a, { propertyNames: { maxLength: 5 } }), '!SCHEMA_ADDED propertyNames'],
  ['propertyNames removed', object(a, { propertyNames: { maxLength: 5 } }), object(a), 'SCHEMA_REMOVED propertyNames'],
  [
    'propertyNames loosened',
    object(a, { propertyNames: { maxLength: 5 } }),
    object(a, { propertyNames: { maxLength: 6 } }),
    'MAX_LENGTH_INCREASED propertyNames/maxLength',
  ],
];

const newer = { $schema: 'https://json-schema.org/draft/2020-12/schema' };
const needing = (map: object): object => ({ type: 'object', dependencies: map });

export const dependencies: readonly Case[] = [
  ['names added', needing({}), needing({ a: ['b'] }), '!DEPENDENCY_ARRAY_ADDED dependencies/a'],
  ['names removed', needing({ a: ['b'] }), needing({}), 'DEPENDENCY_ARRAY_REMOVED dependencies/a'],
  ['more names', needing({ a: ['b'] }), needing({ a: ['b', 'c'] }), '!DEPENDENCY_ARRAY_EXTENDED dependencies/a'],
  ['fewer names', needing({ a: ['b', 'c'] }), needing({ a: ['c'] }), 'DEPENDENCY_ARRAY_NARROWED dependencies/a'],
  ['other names', needing({ a: ['b'] }), needing({ a: ['c'] }), '!DEPENDENCY_ARRAY_CHANGED dependencies/a'],
  ['no names added', needing({}), needing({ a: [] })],
  ['schema added', needing({}), needing({ a: { required: ['b'] } }), '!DEPENDENCY_SCHEMA_ADDED dependencies/a'],
  ['schema removed', needing({ a: { required: ['b'] } }), needing({}), 'DEPENDENCY_SCHEMA_REMOVED dependencies/a'],
  [
    'schema changed',
    needing({ a: { required: ['b'] } }),
    needing({ a: { required: ['b', 'c'] } }),
    '!REQUIRED_ATTRIBUTE_ADDED dependencies/a/required/c',
  ],
  [
    'names to schema',
    needing({ a: ['b'] }),
    needing({ a: { required: ['b'] } }),
    'DEPENDENCY_ARRAY_REMOVED dependencies/a',
    '!DEPENDENCY_SCHEMA_ADDED dependencies/a',
  ],
  [
    'dependentRequired',
    { ...newer, type: 'object', dependentRequired: { a: ['b'] } },
    { ...newer, type: 'object', dependentRequired: { a: ['b', 'c'] } },
    '!DEPENDENCY_ARRAY_EXTENDED dependencies/a',
  ],
  [
    'dependentSchemas',
    { ...newer, type: 'object' },
    { ...newer, type: 'object', dependentSchemas: { a: { maxProperties: 2 } } },
    '!DEPENDENCY_SCHEMA_ADDED dependencies/a',
  ],
  ['draft 7 to 2020-12', needing({ a: ['b'] }), { ...newer, type: 'object', dependentRequired: { a: ['b'] } }],
];
