import { printJson, sortedMembers } from '#libs/formats/json-text';
import type { SchemaFormat } from '#libs/formats/schema';
import { bundle } from './bundle.ts';
import { areEquivalent } from './equivalent.ts';
import type { JsonSchema } from './json-schema.ts';
import { parseJsonSchema } from './parse-json-schema.ts';
import { fieldNames, validateFields } from './validate-fields.ts';

/**
 * JSON Schema as the registry needs it. The canonical text is the minified one with the order of keys and the numbers kept;
 * the normal form sorts all keys. `resolved` is one document without references to others. Values of `default` are
 * annotations and not held against the schema, as in Confluent's registry.
 */
export const jsonSchemaFormat: SchemaFormat<JsonSchema> = {
  type: 'JSON',
  parse: parseJsonSchema,
  canonicalText: (schema) => printJson(schema.root),
  normalize: (schema) => parseJsonSchema(printJson(sortedMembers(schema.root)), schema.dependencies),
  validate: (schema, { fields }) => {
    if (fields) validateFields(schema);
  },
  fieldNames,
  formattedText: (schema, format) => printJson(format === 'resolved' ? bundle(schema) : schema.root),
  equivalent: areEquivalent,
};
