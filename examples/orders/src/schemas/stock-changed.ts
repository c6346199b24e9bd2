/** JSON Schema: the schema of stock.changed-value. */
export const STOCK_CHANGED = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'StockChanged',
  type: 'object',
  required: ['sku', 'version', 'at', 'reason', 'quantity', 'onHand', 'reserved'],
  additionalProperties: false,
  properties: {
    sku: { type: 'string', minLength: 1, maxLength: 40 },
    version: { type: 'integer', minimum: 1 },
    at: { type: 'string' },
    reason: { enum: ['reserved', 'released', 'shipped', 'delivered'] },
    quantity: { type: 'integer', minimum: 1 },
    onHand: { type: 'integer', minimum: 0 },
    reserved: { type: 'integer', minimum: 0 },
  },
} as const;
