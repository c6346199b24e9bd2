import type { Case } from './case.ts';

const text = { type: 'string' };
const whole = { type: 'integer' };
const number = { type: 'number' };
const newer = { $schema: 'https://json-schema.org/draft/2020-12/schema' };
const middle = { $schema: 'https://json-schema.org/draft/2019-09/schema' };
const array = (more: object): object => ({ ...newer, type: 'array', ...more });
const first = { prefixItems: [text] };

export const unevaluatedItems: readonly Case[] = [
  [
    'false added',
    array(first),
    array({ ...first, unevaluatedItems: false }),
    '!UNEVALUATED_ITEMS_REMOVED unevaluatedItems',
  ],
  [
    'schema added',
    array(first),
    array({ ...first, unevaluatedItems: whole }),
    '!UNEVALUATED_ITEMS_NARROWED unevaluatedItems',
  ],
  [
    'false removed',
    array({ ...first, unevaluatedItems: false }),
    array(first),
    'UNEVALUATED_ITEMS_ADDED unevaluatedItems',
  ],
  [
    'schema removed',
    array({ ...first, unevaluatedItems: whole }),
    array(first),
    'UNEVALUATED_ITEMS_EXTENDED unevaluatedItems',
  ],
  [
    'schema widened',
    array({ ...first, unevaluatedItems: whole }),
    array({ ...first, unevaluatedItems: number }),
    'TYPE_EXTENDED unevaluatedItems',
  ],
  [
    'closed by it: added',
    array({ ...first, unevaluatedItems: false }),
    array({ prefixItems: [text, whole], unevaluatedItems: false }),
    'ITEM_ADDED_TO_CLOSED_CONTENT_MODEL items/1',
  ],
  [
    'closed by it: removed',
    array({ prefixItems: [text, whole], unevaluatedItems: false }),
    array({ ...first, unevaluatedItems: false }),
    '!ITEM_REMOVED_FROM_CLOSED_CONTENT_MODEL items/1',
  ],
  [
    'partly open by it: added',
    array({ ...first, unevaluatedItems: whole }),
    array({ prefixItems: [text, number], unevaluatedItems: whole }),
    'TYPE_EXTENDED items/1',
    'ITEM_ADDED_IS_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL items/1',
  ],
  ['items leaves nothing over', array({ items: text }), array({ items: text, unevaluatedItems: false })],
  [
    'items dropped before it',
    array({ items: text, unevaluatedItems: false }),
    array({ unevaluatedItems: false }),
    'SCHEMA_REMOVED items',
    '!UNEVALUATED_ITEMS_REMOVED unevaluatedItems',
  ],
  [
    'items that are contained are evaluated',
    array({ contains: text, minContains: 2, unevaluatedItems: false }),
    array({ contains: text, unevaluatedItems: false }),
    'MIN_CONTAINS_DECREASED minContains',
  ],
  [
    'none has to be contained any more',
    array({ contains: text, unevaluatedItems: false }),
    array({ contains: text, minContains: 0, unevaluatedItems: false }),
    'MIN_CONTAINS_DECREASED minContains',
    '!UNEVALUATED_ITEMS_NARROWED unevaluatedItems',
  ],
  [
    'other items are contained',
    array({ contains: whole, unevaluatedItems: false }),
    array({ contains: number, unevaluatedItems: false }),
    'TYPE_EXTENDED contains',
    '!UNEVALUATED_ITEMS_NARROWED unevaluatedItems',
  ],
  [
    '2019-09',
    { ...middle, type: 'array', items: [text] },
    { ...middle, type: 'array', items: [text], unevaluatedItems: false },
    '!UNEVALUATED_ITEMS_REMOVED unevaluatedItems',
  ],
];

const contains = { contains: text };

export const contained: readonly Case[] = [
  ['added', array({}), array(contains), '!MIN_CONTAINS_ADDED minContains'],
  ['removed', array(contains), array({}), 'MIN_CONTAINS_REMOVED minContains'],
  [
    'added with a most',
    array({}),
    array({ ...contains, maxContains: 2 }),
    '!MIN_CONTAINS_ADDED minContains',
    '!MAX_CONTAINS_ADDED maxContains',
  ],
  ['a most added', array(contains), array({ ...contains, maxContains: 2 }), '!MAX_CONTAINS_ADDED maxContains'],
  ['a most removed', array({ ...contains, maxContains: 2 }), array(contains), 'MAX_CONTAINS_REMOVED maxContains'],
  [
    'more may fit',
    array({ ...contains, maxContains: 2 }),
    array({ ...contains, maxContains: 3 }),
    'MAX_CONTAINS_INCREASED maxContains',
  ],
  [
    'fewer may fit',
    array({ ...contains, maxContains: 3 }),
    array({ ...contains, maxContains: 2 }),
    '!MAX_CONTAINS_DECREASED maxContains',
  ],
  [
    'more have to fit',
    array({ ...contains, minContains: 2 }),
    array({ ...contains, minContains: 3 }),
    '!MIN_CONTAINS_INCREASED minContains',
  ],
  [
    'fewer have to fit',
    array({ ...contains, minContains: 3 }),
    array({ ...contains, minContains: 2 }),
    'MIN_CONTAINS_DECREASED minContains',
  ],
  ['one is the default', array(contains), array({ ...contains, minContains: 1 })],
  ['counts without contains mean nothing', array({}), array({ minContains: 3, maxContains: 1 })],
  [
    'up to draft 7 the keyword itself',
    { type: 'array' },
    { type: 'array', contains: text, minContains: 3 },
    '!SCHEMA_ADDED contains',
  ],
  ['draft 7 to 2020-12', { type: 'array', contains: text }, array(contains)],
];
