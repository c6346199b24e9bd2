import { avroRules } from '#libs/compatibility/avro';
import { jsonSchemaRules } from '#libs/compatibility/json-schema';
import { protobufRules } from '#libs/compatibility/protobuf';
import { avroFormat, avroTagging } from '#libs/formats/avro';
import { jsonSchemaFormat, jsonSchemaTagging } from '#libs/formats/json-schema';
import { protobufFormat, protobufTagging } from '#libs/formats/protobuf';
import type { SchemaFormats } from '#libs/stores/schemas';

/** The formats as the registry knows them, so that a schema registered here is one that was registered there. */
export const SCHEMA_FORMATS: SchemaFormats = {
  AVRO: { format: avroFormat, rules: avroRules, tagging: avroTagging },
  JSON: { format: jsonSchemaFormat, rules: jsonSchemaRules, tagging: jsonSchemaTagging },
  PROTOBUF: { format: protobufFormat, rules: protobufRules, tagging: protobufTagging },
};
