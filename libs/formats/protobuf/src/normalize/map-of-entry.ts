import type { FieldType } from '../ast/field.ts';
import type { TypeDeclaration } from '../ast/message.ts';
import { findOption } from '../ast/option.ts';

/**
 * The map type that a message stands for which is the entry of a map, spelled out as descriptors have it (`option map_entry`), with
 * the name of the value's type as written in the entry. Undefined for other types.
 */
export function mapOfEntry(type: TypeDeclaration): Extract<FieldType, { kind: 'map' }> | undefined {
  if (type.kind !== 'message') return undefined;
  const option = findOption(type.options, 'map_entry')?.value;
  if (option?.kind !== 'identifier' || option.name !== 'true') return undefined;
  const key = type.fields.find(({ name }) => name === 'key')?.type;
  const value = type.fields.find(({ name }) => name === 'value')?.type;
  if (key?.kind !== 'scalar' || value === undefined || value.kind === 'map') return undefined;
  return { kind: 'map', key: key.name, value };
}
