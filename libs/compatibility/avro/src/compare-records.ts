import type { RecordField, RecordType } from '#libs/formats/avro';
import { compareNames } from './compare-named.ts';
import type { Comparison, Finding } from './comparison.ts';
import { ambiguousField, missingDefault } from './differences.ts';

/** Every field of the reader needs one in the writer, by its name or an alias, or a default of its own. */
export function compareRecords(reader: RecordType, writer: RecordType, path: string, to: Comparison): Finding[] {
  to.spend(reader.fields.length + writer.fields.length);
  const written = new Map(writer.fields.map((field) => [field.name, field]));
  const fields = reader.fields.flatMap((field, index) =>
    compareField(field, writer, written, { path: `${path}/fields/${index}`, to }),
  );
  return compareNames(reader, writer, path).concat(fields);
}

function compareField(
  field: RecordField,
  writer: RecordType,
  written: ReadonlyMap<string, RecordField>,
  { path, to }: { readonly path: string; readonly to: Comparison },
): readonly Finding[] {
  const sources = [field.name, ...field.aliases].flatMap((name) => written.get(name) ?? []);
  const [source, another] = sources;
  if (source && another) return [() => ambiguousField(field, sources, path)];
  if (source) return to.findings(field.type, source.type, `${path}/type`);
  if (field.default !== undefined) return [];
  // Java takes the default of the enum into account here, but by comparing the enum with the whole record.
  if (field.type.kind === 'enum' && field.type.default !== undefined) {
    return to.findings(field.type, writer, `${path}/type`);
  }
  return [() => missingDefault(field, path)];
}
