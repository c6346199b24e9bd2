import type { SingularType } from '../ast/field.ts';
import type { TypeDeclaration } from '../ast/message.ts';
import { findOption } from '../ast/option.ts';

/** The key and value of a map that is written out as repeated messages of entries, as descriptors have it. */
export interface MapEntry {
  readonly key: SingularType;
  readonly value: SingularType;
}

/** What a type stands for if it is the entry of a map; undefined for every other type. */
export function mapEntryOf(type: TypeDeclaration): MapEntry | undefined {
  if (type.kind !== 'message') return undefined;
  const option = findOption(type.options, 'map_entry');
  if (option?.value.kind !== 'identifier' || option.value.name !== 'true') return undefined;
  const typeOf = (name: string): SingularType | undefined => {
    const found = type.fields.find((field) => field.name === name)?.type;
    return found?.kind === 'map' ? undefined : found;
  };
  const [key, value] = [typeOf('key'), typeOf('value')];
  return key && value && { key, value };
}
