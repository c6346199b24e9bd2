import type { Case } from './case.ts';

const text = { type: 'string' };
const whole = { type: 'integer' };
const array = (more: object = {}): object => ({ type: 'array', ...more });
const tuple = (items: readonly unknown[], additionalItems?: unknown): object =>
  array(additionalItems === undefined ? { items } : { items, additionalItems });
const newer = { $schema: 'https://json-schema.org/draft/2020-12/schema' };
const middle = { $schema: 'https://json-schema.org/draft/2019-09/schema' };

export const arrayLimits: readonly Case[] = [
  ['maxItems added', array(), array({ maxItems: 3 }), '!MAX_ITEMS_ADDED maxItems'],
  ['maxItems removed', array({ maxItems: 3 }), array(), 'MAX_ITEMS_REMOVED maxItems'],
  ['maxItems raised', array({ maxItems: 3 }), array({ maxItems: 4 }), 'MAX_ITEMS_INCREASED maxItems'],
  ['maxItems lowered', array({ maxItems: 3 }), array({ maxItems: 2 }), '!MAX_ITEMS_DECREASED maxItems'],
  ['minItems added', array(), array({ minItems: 3 }), '!MIN_ITEMS_ADDED minItems'],
  ['minItems removed', array({ minItems: 3 }), array(), 'MIN_ITEMS_REMOVED minItems'],
  ['minItems raised', array({ minItems: 3 }), array({ minItems: 4 }), '!MIN_ITEMS_INCREASED minItems'],
  ['minItems lowered', array({ minItems: 3 }), array({ minItems: 2 }), 'MIN_ITEMS_DECREASED minItems'],
  ['uniqueItems added', array(), array({ uniqueItems: true }), '!UNIQUE_ITEMS_ADDED uniqueItems'],
  [
    'uniqueItems removed',
    array({ uniqueItems: true }),
    array({ uniqueItems: false }),
    'UNIQUE_ITEMS_REMOVED uniqueItems',
  ],
  ['contains added', array(), array({ contains: text }), '!SCHEMA_ADDED contains'],
  ['contains added that every item fits', array(), array({ contains: true }), '!SCHEMA_ADDED contains'],
  ['contains removed', array({ contains: text }), array(), 'SCHEMA_REMOVED contains'],
  ['contains widened', array({ contains: whole }), array({ contains: { type: 'number' } }), 'TYPE_EXTENDED contains'],
  [
    'contains widened under a limit',
    { ...newer, ...array({ contains: whole, maxContains: 2 }) },
    { ...newer, ...array({ contains: { type: 'number' }, maxContains: 2 }) },
    'TYPE_EXTENDED contains',
    '!TYPE_CHANGED contains',
  ],
  [
    'minContains raised',
    { ...newer, ...array({ contains: whole }) },
    { ...newer, ...array({ contains: whole, minContains: 2 }) },
    '!MIN_CONTAINS_INCREASED minContains',
  ],
];

export const items: readonly Case[] = [
  ['widened', array({ items: whole }), array({ items: { type: 'number' } }), 'TYPE_EXTENDED items'],
  ['changed', array({ items: whole }), array({ items: text }), '!TYPE_CHANGED items'],
  ['added', array(), array({ items: text }), '!SCHEMA_ADDED items'],
  ['{} added', array(), array({ items: {} })],
  ['removed', array({ items: text }), array(), 'SCHEMA_REMOVED items'],
  [
    'a property within',
    array({ items: { type: 'object', properties: { a: text }, additionalProperties: false } }),
    array({ items: { type: 'object', properties: { a: text, b: text }, additionalProperties: false } }),
    'OPTIONAL_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL items/properties/b',
  ],
  [
    'additionalItems without a tuple means nothing',
    array({ items: text }),
    array({ items: text, additionalItems: false }),
  ],
  [
    'all items to a tuple',
    array({ items: text }),
    tuple([text]),
    'SCHEMA_REMOVED items',
    '!ITEM_ADDED_TO_OPEN_CONTENT_MODEL items/0',
  ],
];

export const tuples: readonly Case[] = [
  ['open: added', tuple([text]), tuple([text, whole]), '!ITEM_ADDED_TO_OPEN_CONTENT_MODEL items/1'],
  ['open: {} added', tuple([text]), tuple([text, {}]), 'ITEM_WITH_EMPTY_SCHEMA_ADDED_TO_OPEN_CONTENT_MODEL items/1'],
  ['open: removed', tuple([text, whole]), tuple([text]), 'ITEM_REMOVED_FROM_OPEN_CONTENT_MODEL items/1'],
  ['closed: added', tuple([text], false), tuple([text, whole], false), 'ITEM_ADDED_TO_CLOSED_CONTENT_MODEL items/1'],
  [
    'closed: removed',
    tuple([text, whole], false),
    tuple([text], false),
    '!ITEM_REMOVED_FROM_CLOSED_CONTENT_MODEL items/1',
  ],
  [
    'closed: false removed',
    tuple([text, false], false),
    tuple([text], false),
    'ITEM_WITH_FALSE_REMOVED_FROM_CLOSED_CONTENT_MODEL items/1',
  ],
  [
    'closed: added and opened',
    tuple([text], false),
    tuple([text, whole], true),
    'ADDITIONAL_ITEMS_ADDED additionalItems',
    'ITEM_ADDED_TO_CLOSED_CONTENT_MODEL items/1',
  ],
  [
    'closed: removed and opened',
    tuple([text, whole], false),
    tuple([text], true),
    'ADDITIONAL_ITEMS_ADDED additionalItems',
    'ITEM_REMOVED_FROM_OPEN_CONTENT_MODEL items/1',
  ],
  [
    'partly open: added, covered',
    tuple([text], whole),
    tuple([text, { type: 'number' }], whole),
    'TYPE_EXTENDED items/1',
    'ITEM_ADDED_IS_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL items/1',
  ],
  [
    'partly open: added, not covered',
    tuple([text], text),
    tuple([text, whole], text),
    '!TYPE_CHANGED items/1',
    '!ITEM_ADDED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL items/1',
  ],
  [
    'partly open: removed, covered',
    tuple([text, whole], { type: 'number' }),
    tuple([text], { type: 'number' }),
    'TYPE_EXTENDED items/1',
    'ITEM_REMOVED_IS_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL items/1',
  ],
  [
    'partly open: removed, not covered',
    tuple([text, whole], text),
    tuple([text], text),
    '!TYPE_CHANGED items/1',
    '!ITEM_REMOVED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL items/1',
  ],
  ['item widened', tuple([whole]), tuple([{ type: 'number' }]), 'TYPE_EXTENDED items/0'],
  ['item changed', tuple([whole, text]), tuple([whole, whole]), '!TYPE_CHANGED items/1'],
  ['closed', tuple([text]), tuple([text], false), '!ADDITIONAL_ITEMS_REMOVED additionalItems'],
  ['opened', tuple([text], false), tuple([text]), 'ADDITIONAL_ITEMS_ADDED additionalItems'],
  ['restricted', tuple([text]), tuple([text], text), '!ADDITIONAL_ITEMS_NARROWED additionalItems'],
  ['restriction dropped', tuple([text], text), tuple([text]), 'ADDITIONAL_ITEMS_EXTENDED additionalItems'],
  ['rest widened', tuple([text], whole), tuple([text], { type: 'number' }), 'TYPE_EXTENDED additionalItems'],
  [
    '2020-12: added to a closed one',
    { ...newer, ...array({ prefixItems: [text], items: false }) },
    { ...newer, ...array({ prefixItems: [text, whole], items: false }) },
    'ITEM_ADDED_TO_CLOSED_CONTENT_MODEL items/1',
  ],
  [
    '2020-12: added to an open one',
    { ...newer, ...array({ prefixItems: [text] }) },
    { ...newer, ...array({ prefixItems: [text, whole] }) },
    '!ITEM_ADDED_TO_OPEN_CONTENT_MODEL items/1',
  ],
  [
    '2020-12: the rest',
    { ...newer, ...array({ prefixItems: [text], items: whole }) },
    { ...newer, ...array({ prefixItems: [text], items: text }) },
    '!TYPE_CHANGED additionalItems',
  ],
  [
    'draft 7 to 2020-12',
    tuple([text, whole], false),
    { ...newer, ...array({ prefixItems: [text, whole], items: false }) },
  ],
  [
    '2019-09 keeps lists of items',
    { ...middle, ...tuple([text], false) },
    { ...middle, ...tuple([text, whole], false) },
    'ITEM_ADDED_TO_CLOSED_CONTENT_MODEL items/1',
  ],
];
