import { avroRules } from '#libs/compatibility/avro';
import { jsonSchemaRules, jsonSchemaRulesOf7 } from '#libs/compatibility/json-schema';
import { protobufRules } from '#libs/compatibility/protobuf';
import { avroFormat, avroTagging, avroTypeScript } from '#libs/formats/avro';
import { jsonSchemaFormat, jsonSchemaTagging, jsonSchemaTypeScript } from '#libs/formats/json-schema';
import { protobufFormat, protobufTagging, protobufTypeScript } from '#libs/formats/protobuf';
import type { SchemaFormat } from '#libs/formats/schema';
import type { SchemaFormats } from './schema-formats.ts';

/** A format that also says `format=typescript`: the declarations of the values that its schemas describe. */
function withTypeScript<S>(format: SchemaFormat<S>, declarationsOf: (schema: S) => string): SchemaFormat<S> {
  return {
    ...format,
    formattedText: (schema, name) =>
      name === 'typescript' ? declarationsOf(schema) : format.formattedText(schema, name),
  };
}

/** What the registry does with schemas of each type, whoever registers: the service, or a transaction of its own database. */
export const SCHEMA_FORMATS: SchemaFormats = {
  AVRO: {
    format: withTypeScript(avroFormat, (schema) => avroTypeScript(schema)),
    rules: avroRules,
    tagging: avroTagging,
  },
  JSON: {
    format: withTypeScript(jsonSchemaFormat, (schema) => jsonSchemaTypeScript(schema)),
    rules: jsonSchemaRules,
    tagging: jsonSchemaTagging,
  },
  PROTOBUF: {
    format: withTypeScript(protobufFormat, (schema) => protobufTypeScript(schema)),
    rules: protobufRules,
    tagging: protobufTagging,
  },
};

/** The same with what is incompatible in JSON Schemas named as Confluent's registry 7 does. */
export const SCHEMA_FORMATS_OF_7: SchemaFormats = {
  ...SCHEMA_FORMATS,
  JSON: { ...SCHEMA_FORMATS.JSON, rules: jsonSchemaRulesOf7 },
};
