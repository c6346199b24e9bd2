import type { ProtobufSchema, ProtoFile } from '#libs/formats/protobuf';
import type { Change } from './change.ts';
import { compareMessages } from './compare-messages.ts';
import { compareTypes } from './compare-types.ts';
import { type Both, Comparison, type Scope } from './comparison.ts';

/**
 * Every change between what was written and what reads it, allowed or not, by Confluent's rules: messages are paired by name,
 * fields by number. Of the imports only what the schema's own messages use is compared. Throws SCHEMA_TOO_COMPLEX.
 */
export function changesBetween(schemas: Both<ProtobufSchema>, stepsMax?: number): Change[] {
  const comparison = new Comparison(schemas, compareMessages, stepsMax);
  const [writer, reader] = [schemas.writer.file, schemas.reader.file];
  const root = { path: [], scope: { writer: packageOf(writer), reader: packageOf(reader) } };
  const names = { writer: root.scope.writer.name, reader: root.scope.reader.name };
  if (names.writer !== names.reader) {
    comparison.add(root, { type: 'PACKAGE_CHANGED', what: 'the package', ...names });
  }
  compareTypes(comparison, root, { writer: writer.types, reader: reader.types });
  return comparison.changes;
}

function packageOf(file: ProtoFile): Scope {
  return { name: file.package ?? '', file };
}
