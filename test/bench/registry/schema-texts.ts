/** A record of some twenty fields, as business events have them; each version adds optional fields, so that it may follow the others. */
export function orderSchema(name: string, version: number): string {
  const fields: object[] = [
    { name: 'id', type: 'string' },
    {
      name: 'customer',
      type: ['null', 'string'],
      default: null,
      doc: 'Number of the customer, when there is an account.',
    },
    { name: 'placedAt', type: { type: 'long', logicalType: 'timestamp-millis' } },
    { name: 'total', type: { type: 'bytes', logicalType: 'decimal', precision: 18, scale: 2 } },
    {
      name: 'currency',
      type: { type: 'enum', name: 'Currency', symbols: ['EUR', 'USD', 'GBP', 'JPY'] },
      default: 'EUR',
    },
    {
      name: 'lines',
      type: {
        type: 'array',
        items: {
          type: 'record',
          name: 'Line',
          fields: [
            { name: 'sku', type: 'string' },
            { name: 'quantity', type: 'int' },
            { name: 'price', type: 'double' },
          ],
        },
      },
    },
  ];
  for (let number = 0; number < 10; number += 1) {
    fields.push({ name: `note_${number}`, type: ['null', 'string'], default: null });
  }
  // One field per version: 1 to n would make the text of version n long, and its checks slow for another reason.
  fields.push({ name: `added_${version}`, type: ['null', 'string'], default: null });
  return JSON.stringify({ type: 'record', name, namespace: 'shop.orders', fields });
}
