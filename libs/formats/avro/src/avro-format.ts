import type { SchemaFormat } from '#libs/formats/schema';
import type { AvroSchema } from './avro-schema.ts';
import { normalized } from './normalized.ts';
import { parseSchema } from './parse-schema.ts';
import { printType } from './print-type.ts';
import { sameDescribedType } from './same-described-type.ts';
import { validateSchema } from './validate-schema.ts';

/** Avro as the registry uses it: parsed and printed as Avro 1.12 for Java does it, which is what Confluent's registry stores. */
export const avroFormat: SchemaFormat<AvroSchema> = {
  type: 'AVRO',
  parse: parseSchema,
  canonicalText: (schema) => printType(schema.root, new Set(schema.dependencyNames)),
  normalize: normalized,
  validate: validateSchema,
  fieldNames: ({ root }) => (root.kind === 'record' ? root.fields.map(({ name }) => name) : []),
  /** `resolved`: every referenced type in full where it is first used. */
  formattedText: (schema, format) =>
    format === 'resolved' ? printType(schema.root, new Set()) : avroFormat.canonicalText(schema),
  equivalent: (a, b) => sameDescribedType(a.root, b.root),
};
