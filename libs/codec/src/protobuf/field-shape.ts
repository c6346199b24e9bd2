import protobuf, { type Field } from 'protobufjs';
import { enumScalar } from './enum-scalar.ts';
import { type MapKey, mapKey } from './map-key.ts';
import { hasPresence, isDelimited, verifiesUtf8 } from './protobufjs-internals.ts';
import { type Scalar, SCALARS, VERIFIED_STRING } from './scalar.ts';

/** A field of a message as the compilers of this folder need it. */
export interface FieldShape {
  readonly name: string;
  readonly id: number;
  /** A scalar or enum, or the message that the value is. */
  readonly value: Scalar | protobuf.Type;
  readonly repeated: boolean;
  readonly packed: boolean;
  readonly map: MapKey | undefined;
  /** Whether absent differs from zero. Such a field is absent from the decoded object when it was not sent. */
  readonly presence: boolean;
  readonly required: boolean;
  /** A group, written between two tags. */
  readonly delimited: boolean;
  /** The other members of the oneof; none for one of `optional`'s making. */
  readonly rivals: readonly string[];
}

export function fieldShapes(type: protobuf.Type): FieldShape[] {
  return type.fieldsArray.map((field) => fieldShape(field.resolve()));
}

export function isMessage(value: Scalar | protobuf.Type): value is protobuf.Type {
  return value instanceof protobuf.Type;
}

export function tagOf(id: number, wireType: number): number {
  return ((id << 3) | wireType) >>> 0;
}

function fieldShape(field: Field): FieldShape {
  const value = valueOf(field);
  return {
    name: field.name,
    id: field.id,
    value,
    repeated: field.repeated,
    packed: field.repeated && field.packed && !isMessage(value) && value.wireType !== 2,
    map: field instanceof protobuf.MapField ? mapKey(field.keyType) : undefined,
    presence: hasPresence(field),
    required: field.required,
    delimited: isDelimited(field),
    rivals: (field.partOf?.fieldsArray ?? []).map(({ name }) => name).filter((name) => name !== field.name),
  };
}

function valueOf(field: Field): Scalar | protobuf.Type {
  if (field.resolvedType instanceof protobuf.Enum) return enumScalar(field.resolvedType);
  if (field.resolvedType !== null) return field.resolvedType;
  return field.type === 'string' && verifiesUtf8(field) ? VERIFIED_STRING : (SCALARS[field.type] as Scalar);
}
