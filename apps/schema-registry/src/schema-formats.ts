import { avroRules } from '#libs/compatibility/avro';
import { jsonSchemaRules } from '#libs/compatibility/json-schema';
import { protobufRules } from '#libs/compatibility/protobuf';
import { avroFormat, type AvroSchema, avroTypeScript } from '#libs/formats/avro';
import { fieldNames as jsonFieldNames, jsonSchemaFormat, jsonSchemaTypeScript } from '#libs/formats/json-schema';
import { fieldNames as protobufFieldNames, protobufFormat, protobufTypeScript } from '#libs/formats/protobuf';
import type { SchemaFormat } from '#libs/formats/schema';
import type { SchemaFormats } from '#libs/stores/schemas';

/** A format that also says `format=typescript`: the declarations of the values that its schemas describe. */
function withTypeScript<S>(format: SchemaFormat<S>, declarationsOf: (schema: S) => string): SchemaFormat<S> {
  return {
    ...format,
    formattedText: (schema, name) =>
      name === 'typescript' ? declarationsOf(schema) : format.formattedText(schema, name),
  };
}

/** What the registry does with schemas of each type. */
export const SCHEMA_FORMATS: SchemaFormats = {
  AVRO: {
    format: withTypeScript(avroFormat, (schema) => avroTypeScript(schema)),
    rules: avroRules,
    fieldNames: ({ root }: AvroSchema) => (root.kind === 'record' ? root.fields.map(({ name }) => name) : []),
  },
  JSON: {
    format: withTypeScript(jsonSchemaFormat, (schema) => jsonSchemaTypeScript(schema)),
    rules: jsonSchemaRules,
    fieldNames: jsonFieldNames,
  },
  PROTOBUF: {
    format: withTypeScript(protobufFormat, (schema) => protobufTypeScript(schema)),
    rules: protobufRules,
    fieldNames: protobufFieldNames,
  },
};
