/** The formats of a schema, by the names that Confluent's API gives them. */
export const SCHEMA_TYPES = ['AVRO', 'JSON', 'PROTOBUF'] as const;
export type SchemaType = (typeof SCHEMA_TYPES)[number];

/** Whether a text names a format; the names are upper case. */
export function isSchemaType(name: string): name is SchemaType {
  return (SCHEMA_TYPES as readonly string[]).includes(name);
}
