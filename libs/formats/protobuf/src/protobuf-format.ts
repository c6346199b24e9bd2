import type { SchemaFormat } from '#libs/formats/schema';
import { serializeFile } from './descriptor/describe-file.ts';
import { equivalent } from './equivalent.ts';
import { normalizeSchema } from './normalize/normalize-schema.ts';
import { parseSchema } from './parse-schema.ts';
import { printProtoFile } from './print/print-file.ts';
import { withoutExtensions } from './print/without-extensions.ts';
import type { ProtobufSchema } from './protobuf-schema.ts';
import { fieldNames, validateFieldNames } from './validate/field-names.ts';
import { validateSchema } from './validate/validate-schema.ts';

/** Protobuf as the registry uses it: .proto texts in Confluent's canonical layout. */
export const protobufFormat: SchemaFormat<ProtobufSchema> = {
  type: 'PROTOBUF',
  parse: parseSchema,
  canonicalText: ({ file }) => printProtoFile(file),
  normalize: normalizeSchema,
  validate(schema, { fields }) {
    validateSchema(schema);
    if (fields) validateFieldNames(schema);
  },
  fieldNames,
  formattedText(schema, format) {
    switch (format) {
      case 'serialized':
        return serializeFile(schema).toString('base64');
      case 'ignore_extensions':
        return printProtoFile(withoutExtensions(schema.file));
      default:
        return printProtoFile(schema.file);
    }
  },
  equivalent,
};
