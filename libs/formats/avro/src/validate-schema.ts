import type { AvroSchema } from './avro-schema.ts';
import type { RecordField, RecordType } from './avro-type.ts';
import { invalidSchema } from './invalid-schema.ts';
import { printType, printValue } from './print-type.ts';
import { isValidDefault } from './valid-default.ts';
import { recordsOf } from './records-of.ts';

/**
 * Refuses a new schema with a default that does not fit its field's type, in the schema itself or in what it references; with
 * `fields` also one with a field name that starts with `$$`, which no name of Avro can, and so nothing more to check.
 */
export function validateSchema(schema: AvroSchema, { fields }: { readonly fields: boolean }): void {
  for (const { record, path } of recordsOf(schema.root)) {
    record.fields.forEach((field, index) => {
      const at = `${path}/fields/${index}`;
      checkDefault(field, at);
      if (fields) checkFieldName(record, field, at);
    });
  }
}

function checkDefault({ name, type, default: fallback }: RecordField, path: string): void {
  if (fallback === undefined || isValidDefault(type, fallback)) return;
  const what = `Invalid default for field ${name}: ${printValue(fallback)} not a ${printType(type, new Set())}`;
  throw invalidSchema(what, path);
}

function checkFieldName(record: RecordType, { name }: RecordField, path: string): void {
  if (name.startsWith('$$')) {
    throw invalidSchema(`the field name ${JSON.stringify(name)} of ${record.name.full} is reserved`, path);
  }
}
