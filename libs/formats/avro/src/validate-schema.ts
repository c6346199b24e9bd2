import type { JsonNode } from '#libs/formats/json-text';
import type { AvroSchema } from './avro-schema.ts';
import type { RecordField, RecordType } from './avro-type.ts';
import { DefaultCheck } from './default-check.ts';
import { invalidSchema } from './invalid-schema.ts';
import { printType, printValue } from './print-type.ts';
import { recordsOf } from './records-of.ts';

/**
 * Refuses a new schema with a default that does not fit its field's type, in the schema itself or in what it references; with
 * `fields` also a record at the root with a field of a `reserved` name. Names that start with `$$` need no check: the parser
 * takes no name with a dollar.
 */
export function validateSchema(
  schema: AvroSchema,
  { fields, reserved = [] }: { readonly fields: boolean; readonly reserved?: readonly string[] },
): void {
  const defaults = new DefaultCheck();
  for (const { record, path } of recordsOf(schema.root)) {
    for (const [index, field] of record.fields.entries()) {
      if (field.default !== undefined) checkDefault(field, field.default, defaults, `${path}/fields/${index}`);
    }
  }
  if (fields && schema.root.kind === 'record') checkReserved(schema.root, reserved);
}

function checkDefault(field: RecordField, value: JsonNode, defaults: DefaultCheck, path: string): void {
  if (defaults.fieldTakes(field, value)) return;
  const wanted = printType(field.type, new Set());
  throw invalidSchema(`Invalid default for field ${field.name}: ${printValue(value)} not a ${wanted}`, path);
}

function checkReserved(record: RecordType, reserved: readonly string[]): void {
  const index = record.fields.findIndex(({ name }) => reserved.includes(name));
  const name = record.fields[index]?.name;
  if (name === undefined) return;
  throw invalidSchema(`The new schema has field that conflicts with the reserved field ${name}.`, `/fields/${index}`);
}
