import type { JsonNode } from '#libs/formats/json-text';
import type { AvroSchema } from './avro-schema.ts';
import type { RecordField } from './avro-type.ts';
import { DefaultCheck } from './default-check.ts';
import { invalidSchema } from './invalid-schema.ts';
import { printType, printValue } from './print-type.ts';
import { recordsOf } from './records-of.ts';

/**
 * Refuses a new schema with a default that does not fit its field's type, in the schema itself or in what it references. Names
 * of fields that start with `$$` need no check: the parser takes no name with a dollar.
 */
export function validateSchema(schema: AvroSchema): void {
  const defaults = new DefaultCheck();
  for (const { record, path } of recordsOf(schema.root)) {
    for (const [index, field] of record.fields.entries()) {
      if (field.default !== undefined) checkDefault(field, field.default, defaults, `${path}/fields/${index}`);
    }
  }
}

function checkDefault(field: RecordField, value: JsonNode, defaults: DefaultCheck, path: string): void {
  if (defaults.fieldTakes(field, value)) return;
  const wanted = printType(field.type, new Set());
  throw invalidSchema(`Invalid default for field ${field.name}: ${printValue(value)} not a ${wanted}`, path);
}
