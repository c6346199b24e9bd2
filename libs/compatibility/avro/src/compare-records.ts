import type { RecordField, RecordType } from '#libs/formats/avro';
import { compareNames } from './compare-named.ts';
import type { Comparison, Finding } from './comparison.ts';
import { ambiguousField, missingDefault } from './differences.ts';

/** Every field of the reader needs one in the writer, by its name or an alias, or a default of its own. */
export function compareRecords(reader: RecordType, writer: RecordType, path: string, to: Comparison): Finding[] {
  to.spend(reader.fields.length + writer.fields.length);
  const written = new Map(writer.fields.map((field) => [field.name, field]));
  const findings = [...compareNames(reader, writer, path)];
  for (const [index, field] of reader.fields.entries()) {
    const found = compareField(field, writer, written, { path: `${path}/fields/${index}`, to });
    for (const each of found) findings.push(each);
  }
  return findings;
}

function compareField(
  field: RecordField,
  writer: RecordType,
  written: ReadonlyMap<string, RecordField>,
  { path, to }: { readonly path: string; readonly to: Comparison },
): readonly Finding[] {
  const [source, another] = sourcesOf(field, written);
  if (source && another) return [() => ambiguousField(field, sourcesOf(field, written), path)];
  if (source) return to.findings(field.type, source.type, `${path}/type`);
  if (field.default !== undefined) return [];
  // Java takes the default of the enum into account here, but by comparing the enum with the whole record.
  if (field.type.kind === 'enum' && field.type.default !== undefined) {
    return to.findings(field.type, writer, `${path}/type`);
  }
  return [() => missingDefault(field, path)];
}

function sourcesOf(field: RecordField, written: ReadonlyMap<string, RecordField>): RecordField[] {
  const named = written.get(field.name);
  const sources = named === undefined ? [] : [named];
  for (const alias of field.aliases) {
    const source = written.get(alias);
    if (source !== undefined) sources.push(source);
  }
  return sources;
}
