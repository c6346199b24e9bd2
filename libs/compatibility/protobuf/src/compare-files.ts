import type { ProtobufSchema } from '#libs/formats/protobuf';
import type { Change } from './change.ts';
import { compareMessages } from './compare-messages.ts';
import { compareTypes } from './compare-types.ts';
import { type Both, Comparison } from './comparison.ts';

/**
 * Every change between what was written and what reads it, allowed or not, by Confluent's rules: messages are paired by name,
 * fields by number. Of the imports only what the schema's own messages use is compared. Throws SCHEMA_TOO_COMPLEX.
 */
export function changesBetween(schemas: Both<ProtobufSchema>, stepsMax?: number): Change[] {
  const comparison = new Comparison(schemas, compareMessages, stepsMax);
  const [writer, reader] = [schemas.writer.file, schemas.reader.file];
  const root = { path: [], scope: { writer: writer.package ?? '', reader: reader.package ?? '' } };
  if (root.scope.writer !== root.scope.reader) {
    comparison.add(root, { type: 'PACKAGE_CHANGED', what: 'the package', ...root.scope });
  }
  compareTypes(comparison, root, { writer: writer.types, reader: reader.types });
  return comparison.changes;
}
