import {
  type Field,
  type Group,
  mapEntryOf,
  type Message,
  type ProtobufSchema,
  resolveType,
  type ScalarType,
  type SingularType,
  type TypeSymbol,
} from '#libs/formats/protobuf';
import type { Scope } from './comparison.ts';

/** Scalars that are read as each other: what one writes, the others take for a number, or for bytes, of their own. */
export type ScalarKind =
  | 'GENERAL_NUMBER'
  | 'SIGNED_NUMBER'
  | 'STRING_OR_BYTES'
  | 'FIXED32'
  | 'FIXED64'
  | 'FLOAT'
  | 'DOUBLE';

/** A field's type as far as reading it goes. Enums are numbers. */
export type FieldKind =
  | { readonly kind: 'scalar'; readonly scalar: ScalarKind; readonly name: string }
  /** `type` is absent where the name, as `written`, stands for nothing known. */
  | { readonly kind: 'message'; readonly name: string; readonly written: string; readonly type?: TypeSymbol }
  | { readonly kind: 'map'; readonly key: SingularType; readonly value: SingularType; readonly name: string }
  | { readonly kind: 'group'; readonly name: string; readonly message: Message };

const SCALAR_KINDS: Readonly<Record<ScalarType, ScalarKind>> = {
  int32: 'GENERAL_NUMBER',
  int64: 'GENERAL_NUMBER',
  uint32: 'GENERAL_NUMBER',
  uint64: 'GENERAL_NUMBER',
  bool: 'GENERAL_NUMBER',
  sint32: 'SIGNED_NUMBER',
  sint64: 'SIGNED_NUMBER',
  string: 'STRING_OR_BYTES',
  bytes: 'STRING_OR_BYTES',
  fixed32: 'FIXED32',
  sfixed32: 'FIXED32',
  fixed64: 'FIXED64',
  sfixed64: 'FIXED64',
  float: 'FLOAT',
  double: 'DOUBLE',
};

/** The kind of a field, its names resolved from the message that has it. */
export function kindOfField(schema: ProtobufSchema, field: Field | Group, scope: Scope): FieldKind {
  if (field.kind === 'group') return { kind: 'group', name: field.message.name, message: field.message };
  if (field.type.kind !== 'map') return kindOfType(schema, field.type, scope);
  return mapOf({ kind: 'scalar', name: field.type.key }, field.type.value);
}

/** The kind of a type that stands alone: that of a field, a map's key or a map's value. */
export function kindOfType(schema: ProtobufSchema, type: SingularType, scope: Scope): FieldKind {
  if (type.kind === 'scalar') return { kind: 'scalar', scalar: SCALAR_KINDS[type.name], name: type.name };
  const found = resolveType(schema, type.name, scope.name, scope.file);
  if (found === undefined) return { kind: 'message', name: type.name, written: type.name };
  if (found.type.kind === 'enum') return { kind: 'scalar', scalar: 'GENERAL_NUMBER', name: found.fullName };
  const entry = mapEntryOf(found.type);
  if (entry !== undefined) return mapOf(entry.key, entry.value);
  return { kind: 'message', name: found.fullName, written: type.name, type: found };
}

function mapOf(key: SingularType, value: SingularType): FieldKind {
  return { kind: 'map', key, value, name: `map<${key.name}, ${value.name}>` };
}
