/** Avro: the schema of orders.placed-value. */
export const ORDER_PLACED = {
  type: 'record',
  name: 'OrderPlaced',
  namespace: 'shop',
  doc: 'An order, with its lines at the prices of its moment.',
  fields: [
    { name: 'orderId', type: { type: 'string', logicalType: 'uuid' } },
    { name: 'customerId', type: 'string' },
    { name: 'version', type: 'int', doc: 'Of the order, counting up from 1.' },
    { name: 'at', type: 'string' },
    {
      name: 'lines',
      type: {
        type: 'array',
        items: {
          type: 'record',
          name: 'OrderLine',
          fields: [
            { name: 'sku', type: 'string' },
            { name: 'quantity', type: 'int' },
            { name: 'unitCents', type: 'int' },
          ],
        },
      },
    },
    { name: 'totalCents', type: 'int' },
  ],
} as const;
