import type { Case } from './case.ts';

const text = { type: 'string' };
const whole = { type: 'integer' };
const number = { type: 'number' };
const newer = { $schema: 'https://json-schema.org/draft/2020-12/schema' };
const object = (properties: object, unevaluatedProperties?: unknown, more: object = {}): object => ({
  ...newer,
  type: 'object',
  properties,
  ...(unevaluatedProperties === undefined ? {} : { unevaluatedProperties }),
  ...more,
});
const a = { a: text };
const ab = { a: text, b: whole };

export const unevaluatedProperties: readonly Case[] = [
  ['false added', object(a), object(a, false), '!UNEVALUATED_PROPERTIES_REMOVED unevaluatedProperties'],
  ['schema added', object(a), object(a, text), '!UNEVALUATED_PROPERTIES_NARROWED unevaluatedProperties'],
  ['true is the default', object(a), object(a, true)],
  ['{} is as good as true', object(a), object(a, {})],
  ['false removed', object(a, false), object(a), 'UNEVALUATED_PROPERTIES_ADDED unevaluatedProperties'],
  ['false to a schema', object(a, false), object(a, text), 'UNEVALUATED_PROPERTIES_ADDED unevaluatedProperties'],
  ['false to true', object(a, false), object(a, true), 'UNEVALUATED_PROPERTIES_ADDED unevaluatedProperties'],
  ['schema removed', object(a, text), object(a), 'UNEVALUATED_PROPERTIES_EXTENDED unevaluatedProperties'],
  ['schema to false', object(a, text), object(a, false), '!UNEVALUATED_PROPERTIES_REMOVED unevaluatedProperties'],
  ['schema widened', object(a, whole), object(a, number), 'TYPE_EXTENDED unevaluatedProperties'],
  ['schema changed', object(a, whole), object(a, text), '!TYPE_CHANGED unevaluatedProperties'],
  [
    'closed by it: added',
    object(a, false),
    object(ab, false),
    'OPTIONAL_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL properties/b',
  ],
  [
    'closed by it: removed',
    object(ab, false),
    object(a, false),
    '!PROPERTY_REMOVED_FROM_CLOSED_CONTENT_MODEL properties/b',
  ],
  [
    'partly open by it: added',
    object(a, number),
    object({ ...a, b: number }, number),
    'PROPERTY_ADDED_IS_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL properties/b',
    'OPTIONAL_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL properties/b',
  ],
  [
    'partly open by it: removed',
    object(ab, number),
    object(a, number),
    'TYPE_EXTENDED properties/b',
    'PROPERTY_REMOVED_IS_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL properties/b',
  ],
  [
    'additionalProperties leaves nothing over',
    object(a, undefined, { additionalProperties: text }),
    object(a, false, { additionalProperties: text }),
  ],
  [
    'from additionalProperties: false',
    object(a, undefined, { additionalProperties: false }),
    object(a, false),
    'ADDITIONAL_PROPERTIES_ADDED additionalProperties',
  ],
  [
    'to additionalProperties: false',
    object(a, false),
    object(a, undefined, { additionalProperties: false }),
    'UNEVALUATED_PROPERTIES_ADDED unevaluatedProperties',
  ],
  [
    'additionalProperties dropped before it',
    object(a, false, { additionalProperties: text }),
    object(a, false),
    'ADDITIONAL_PROPERTIES_EXTENDED additionalProperties',
    '!UNEVALUATED_PROPERTIES_REMOVED unevaluatedProperties',
  ],
  [
    'a pattern evaluates, too',
    object(a, false, { patternProperties: { '^n_': whole } }),
    object(a, false),
    '!PROPERTY_REMOVED_FROM_CLOSED_CONTENT_MODEL patternProperties/^n_',
  ],
  [
    'unknown to draft 7',
    { type: 'object', properties: a },
    { type: 'object', properties: a, unevaluatedProperties: false },
  ],
];
