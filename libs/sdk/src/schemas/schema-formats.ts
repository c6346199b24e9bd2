import { avroRules } from '#libs/compatibility/avro';
import { jsonSchemaRules } from '#libs/compatibility/json-schema';
import { protobufRules } from '#libs/compatibility/protobuf';
import { avroFormat } from '#libs/formats/avro';
import { jsonSchemaFormat } from '#libs/formats/json-schema';
import { protobufFormat } from '#libs/formats/protobuf';
import type { SchemaFormats } from '#libs/stores/schemas';

/** The formats as the registry knows them, so that a schema registered here is one that was registered there. */
export const SCHEMA_FORMATS: SchemaFormats = {
  AVRO: { format: avroFormat, rules: avroRules },
  JSON: { format: jsonSchemaFormat, rules: jsonSchemaRules },
  PROTOBUF: { format: protobufFormat, rules: protobufRules },
};
