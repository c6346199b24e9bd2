export { avroFormat } from './avro-format.ts';
export type { AvroSchema } from './avro-schema.ts';
export {
  type ArrayType,
  type AvroType,
  type EnumType,
  type FieldOrder,
  type FixedType,
  isNamed,
  type MapType,
  type NamedType,
  type PrimitiveType,
  type Properties,
  type RecordField,
  type RecordType,
  type UnionType,
} from './avro-type.ts';
export type { LogicalType } from './logical-type.ts';
export type { Name } from './name.ts';
export type { PrimitiveKind } from './primitive-kind.ts';
export { avroTagging } from './tagging/avro-tagging.ts';
export { avroTypeScript } from './typescript/avro-type-script.ts';
