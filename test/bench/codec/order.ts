/** The event of these measurements: about 300 bytes in Avro and Protobuf, twice that in JSON. */
export function order<N>(int64: (value: number) => N) {
  return {
    orderId: '3f0c6a8e-5e34-4b9a-8d6e-0a1b2c3d4e5f',
    customerId: 'customer-1234',
    version: 3,
    at: '2026-03-01T12:00:00.000Z',
    totalCents: int64(8_491),
    lines: [
      { sku: 'tea-green-250', quantity: 2, unitCents: int64(1_299) },
      { sku: 'coffee-500', quantity: 1, unitCents: int64(2_399) },
      { sku: 'cup', quantity: 6, unitCents: int64(799) },
    ],
    tags: ['web', 'eu'],
  };
}

export const AVRO = {
  type: 'record',
  name: 'shop.OrderPlaced',
  fields: [
    { name: 'orderId', type: 'string' },
    { name: 'customerId', type: 'string' },
    { name: 'version', type: 'int' },
    { name: 'at', type: 'string' },
    { name: 'totalCents', type: 'long' },
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
            { name: 'unitCents', type: 'long' },
          ],
        },
      },
    },
    { name: 'tags', type: { type: 'array', items: 'string' } },
  ],
};

export const PROTOBUF = `syntax = "proto3";
message OrderPlaced {
  string orderId = 1;
  string customerId = 2;
  int32 version = 3;
  string at = 4;
  int64 totalCents = 5;
  repeated Line lines = 6;
  repeated string tags = 7;
}
message Line {
  string sku = 1;
  int32 quantity = 2;
  int64 unitCents = 3;
}`;

const text = { type: 'string' };
export const JSON_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  required: ['orderId', 'lines'],
  properties: {
    orderId: text,
    customerId: text,
    version: { type: 'integer', minimum: 1 },
    at: text,
    totalCents: { type: 'integer' },
    lines: {
      type: 'array',
      items: {
        type: 'object',
        required: ['sku', 'quantity'],
        properties: {
          sku: { type: 'string', minLength: 1 },
          quantity: { type: 'integer', minimum: 1 },
          unitCents: { type: 'integer' },
        },
      },
    },
    tags: { type: 'array', items: text },
  },
};
