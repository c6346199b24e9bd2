import type { DeclaredType, Field, Group, Message, ScalarType, SingularType, TypeIndex } from '#libs/formats/protobuf';

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
  | { readonly kind: 'message'; readonly name: string; readonly written: string; readonly type?: DeclaredType }
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

/** The kind of a field, its names resolved from the full name of the message that has it. */
export function kindOfField(field: Field | Group, types: TypeIndex, scope: string): FieldKind {
  if (field.kind === 'group') return { kind: 'group', name: field.message.name, message: field.message };
  if (field.type.kind !== 'map') return kindOfType(field.type, types, scope);
  const { key, value } = field.type;
  return mapOf({ kind: 'scalar', name: key }, value);
}

/** The kind of a type that stands alone: that of a field, a map's key or a map's value. */
export function kindOfType(type: SingularType, types: TypeIndex, scope: string): FieldKind {
  if (type.kind === 'scalar') return { kind: 'scalar', scalar: SCALAR_KINDS[type.name], name: type.name };
  const found = types.resolve(type.name, scope);
  if (found === undefined) return { kind: 'message', name: type.name, written: type.name };
  if (found.declaration.kind === 'enum') return { kind: 'scalar', scalar: 'GENERAL_NUMBER', name: found.fullName };
  return (
    (found.mapEntry ? spelledOutMap(found.declaration) : undefined) ?? {
      kind: 'message',
      name: found.fullName,
      written: type.name,
      type: found,
    }
  );
}

function spelledOutMap(entry: Message): FieldKind | undefined {
  const typeOf = (name: string): SingularType | undefined => {
    const type = entry.fields.find((field) => field.name === name)?.type;
    return type?.kind === 'map' ? undefined : type;
  };
  const [key, value] = [typeOf('key'), typeOf('value')];
  return key && value && mapOf(key, value);
}

function mapOf(key: SingularType, value: SingularType): FieldKind {
  return { kind: 'map', key, value, name: `map<${key.name}, ${value.name}>` };
}
