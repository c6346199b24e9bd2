import type { Case } from './case.ts';

const text = { type: 'string' };
const whole = { type: 'integer' };
const object = (properties: object, more: object = {}): object => ({ type: 'object', properties, ...more });
const closed = (properties: object, more: object = {}): object =>
  object(properties, { ...more, additionalProperties: false });
const holding = (properties: object, rest: unknown, more: object = {}): object =>
  object(properties, { ...more, additionalProperties: rest });
const a = { a: text };
const ab = { a: text, b: whole };

export const properties: readonly Case[] = [
  ['open: optional added', object(a), object(ab), '!OPTIONAL_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL properties/b'],
  [
    'open: required added',
    object(a),
    object(ab, { required: ['b'] }),
    '!REQUIRED_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL properties/b',
  ],
  [
    'open: required with default added',
    object(a),
    object({ ...a, b: { type: 'integer', default: 0 } }, { required: ['b'] }),
    '!REQUIRED_PROPERTY_WITH_DEFAULT_ADDED_TO_OPEN_CONTENT_MODEL properties/b',
  ],
  [
    'open: {} added',
    object(a),
    object({ ...a, b: {} }),
    'PROPERTY_WITH_EMPTY_SCHEMA_ADDED_TO_OPEN_CONTENT_MODEL properties/b',
  ],
  [
    'open: true added',
    object(a),
    object({ ...a, b: true }),
    'PROPERTY_WITH_EMPTY_SCHEMA_ADDED_TO_OPEN_CONTENT_MODEL properties/b',
  ],
  [
    'open: required {} added',
    object(a),
    object({ ...a, b: {} }, { required: ['b'] }),
    'PROPERTY_WITH_EMPTY_SCHEMA_ADDED_TO_OPEN_CONTENT_MODEL properties/b',
    '!REQUIRED_ATTRIBUTE_ADDED required/b',
  ],
  ['open: removed', object(ab), object(a), 'PROPERTY_REMOVED_FROM_OPEN_CONTENT_MODEL properties/b'],
  [
    'open: required removed',
    object(ab, { required: ['b'] }),
    object(a),
    'PROPERTY_REMOVED_FROM_OPEN_CONTENT_MODEL properties/b',
  ],
  [
    'open: renamed',
    object({ a: text }),
    object({ b: text }),
    'PROPERTY_REMOVED_FROM_OPEN_CONTENT_MODEL properties/a',
    '!OPTIONAL_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL properties/b',
  ],
  ['closed: optional added', closed(a), closed(ab), 'OPTIONAL_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL properties/b'],
  [
    'closed: required added',
    closed(a),
    closed(ab, { required: ['b'] }),
    '!REQUIRED_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL properties/b',
  ],
  [
    'closed: required with default added',
    closed(a),
    closed({ ...a, b: { type: 'integer', default: 0 } }, { required: ['b'] }),
    'REQUIRED_PROPERTY_WITH_DEFAULT_ADDED_TO_UNOPEN_CONTENT_MODEL properties/b',
  ],
  ['closed: removed', closed(ab), closed(a), '!PROPERTY_REMOVED_FROM_CLOSED_CONTENT_MODEL properties/b'],
  [
    'closed: false removed',
    closed({ ...a, b: false }),
    closed(a),
    'PROPERTY_WITH_FALSE_REMOVED_FROM_CLOSED_CONTENT_MODEL properties/b',
  ],
  [
    'closed: added and opened',
    closed(a),
    object(ab),
    'ADDITIONAL_PROPERTIES_ADDED additionalProperties',
    'OPTIONAL_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL properties/b',
  ],
  [
    'closed: renamed',
    closed({ a: text }),
    closed({ b: text }),
    '!PROPERTY_REMOVED_FROM_CLOSED_CONTENT_MODEL properties/a',
    'OPTIONAL_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL properties/b',
  ],
  [
    'partly open: added, covered',
    holding(a, whole),
    holding({ ...a, b: { type: 'number' } }, whole),
    'TYPE_EXTENDED properties/b',
    'PROPERTY_ADDED_IS_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL properties/b',
    'OPTIONAL_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL properties/b',
  ],
  [
    'partly open: added, not covered',
    holding(a, { type: 'number' }),
    holding(ab, { type: 'number' }),
    '!TYPE_NARROWED properties/b',
    '!PROPERTY_ADDED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL properties/b',
    'OPTIONAL_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL properties/b',
  ],
  [
    'partly open: required added, covered',
    holding(a, whole),
    holding(ab, whole, { required: ['b'] }),
    'PROPERTY_ADDED_IS_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL properties/b',
    '!REQUIRED_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL properties/b',
  ],
  [
    'partly open: removed, covered',
    holding(ab, { type: 'number' }),
    holding(a, { type: 'number' }),
    'TYPE_EXTENDED properties/b',
    'PROPERTY_REMOVED_IS_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL properties/b',
  ],
  [
    'partly open: removed, not covered',
    holding(ab, text),
    holding(a, text),
    '!TYPE_CHANGED properties/b',
    '!PROPERTY_REMOVED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL properties/b',
  ],
  [
    'nested change',
    object({ a: object({ b: text }) }),
    object({ a: object({ b: whole }) }),
    '!TYPE_CHANGED properties/a/properties/b',
  ],
  [
    'nested widening',
    object({ a: object({ b: whole }) }),
    object({ a: object({ b: { type: 'number' } }) }),
    'TYPE_EXTENDED properties/a/properties/b',
  ],
  [
    'no properties to properties',
    { type: 'object' },
    object(a),
    '!OPTIONAL_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL properties/a',
  ],
  ['another order', object(ab), object({ b: whole, a: text })],
  [
    'names of Object.prototype',
    object({ constructor: text }),
    object({ toString: text, constructor: text }),
    '!OPTIONAL_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL properties/toString',
  ],
];

export const required: readonly Case[] = [
  ['became required', object(ab), object(ab, { required: ['b'] }), '!REQUIRED_ATTRIBUTE_ADDED required/b'],
  [
    'became required with default',
    object({ b: { ...whole, default: 1 } }),
    object({ b: { ...whole, default: 1 } }, { required: ['b'] }),
    'REQUIRED_ATTRIBUTE_WITH_DEFAULT_ADDED required/b',
  ],
  ['became optional', object(ab, { required: ['b'] }), object(ab), 'REQUIRED_ATTRIBUTE_REMOVED required/b'],
  [
    'required without being declared',
    object(a),
    object(a, { required: ['x'] }),
    '!REQUIRED_ATTRIBUTE_ADDED required/x',
  ],
  [
    'no longer required, never declared',
    object(a, { required: ['x'] }),
    object(a),
    'REQUIRED_ATTRIBUTE_REMOVED required/x',
  ],
  [
    'declared what was required',
    object(a, { required: ['b'] }),
    object({ ...a, b: true }, { required: ['b'] }),
    'PROPERTY_WITH_EMPTY_SCHEMA_ADDED_TO_OPEN_CONTENT_MODEL properties/b',
  ],
  [
    'still required, no longer declared',
    object(ab, { required: ['b'] }),
    object(a, { required: ['b'] }),
    'PROPERTY_REMOVED_FROM_OPEN_CONTENT_MODEL properties/b',
  ],
  ['another order', object(ab, { required: ['a', 'b'] }), object(ab, { required: ['b', 'a'] })],
];

export const additional: readonly Case[] = [
  ['opened', closed(a), object(a), 'ADDITIONAL_PROPERTIES_ADDED additionalProperties'],
  ['closed', object(a), closed(a), '!ADDITIONAL_PROPERTIES_REMOVED additionalProperties'],
  ['true is the default', object(a), holding(a, true)],
  ['opened for a schema', closed(a), holding(a, text), 'ADDITIONAL_PROPERTIES_ADDED additionalProperties'],
  ['closed from a schema', holding(a, text), closed(a), '!ADDITIONAL_PROPERTIES_REMOVED additionalProperties'],
  ['restricted to a schema', object(a), holding(a, text), '!ADDITIONAL_PROPERTIES_NARROWED additionalProperties'],
  ['restricted to {}', object(a), holding(a, {})],
  ['schema dropped', holding(a, text), object(a), 'ADDITIONAL_PROPERTIES_EXTENDED additionalProperties'],
  ['schema widened', holding(a, whole), holding(a, { type: 'number' }), 'TYPE_EXTENDED additionalProperties'],
  ['schema changed', holding(a, whole), holding(a, text), '!TYPE_CHANGED additionalProperties'],
];
