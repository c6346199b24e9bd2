import type { AvroSchema } from './avro-schema.ts';
import { DefaultCheck } from './default-check.ts';
import { invalidSchema } from './invalid-schema.ts';
import { printType, printValue } from './print-type.ts';
import { recordsOf } from './records-of.ts';

/**
 * Refuses a new schema with a default that does not fit its field's type, in the schema itself or in what it references. Field
 * names that start with `$$` need no check: the parser takes no name with a dollar.
 */
export function validateSchema(schema: AvroSchema): void {
  const defaults = new DefaultCheck();
  for (const { record, path } of recordsOf(schema.root)) {
    for (const [index, field] of record.fields.entries()) {
      if (field.default === undefined || defaults.fieldTakes(field, field.default)) continue;
      const wanted = printType(field.type, new Set());
      const what = `Invalid default for field ${field.name}: ${printValue(field.default)} not a ${wanted}`;
      throw invalidSchema(what, `${path}/fields/${index}`);
    }
  }
}
