export type { Enum, EnumValue } from './ast/enum.ts';
export {
  type Field,
  type FieldType,
  isScalarType,
  type Label,
  SCALAR_TYPES,
  type ScalarType,
  type SingularType,
} from './ast/field.ts';
export { type Extend, fieldName, type Group, type Message, type Oneof, type TypeDeclaration } from './ast/message.ts';
export {
  type AggregateField,
  findOption,
  type Option,
  optionName,
  type OptionNamePart,
  type OptionValue,
} from './ast/option.ts';
export type { Placed, Position } from './ast/position.ts';
export { type Import, type ProtoFile, syntaxOf } from './ast/proto-file.ts';
export type { ExtensionRanges, NumberRange, Reserved } from './ast/ranges.ts';
export type { Rpc, Service } from './ast/service.ts';
export { serializeFile } from './descriptor/describe-file.ts';
export { parseProtoFile } from './parse/parse-file.ts';
export { printProtoFile } from './print/print-file.ts';
export type { ProtobufSchema } from './protobuf-schema.ts';
export { BUILT_IN_PROTO_PATHS, builtInProto } from './built-in/built-in-protos.ts';
export { mapEntryOf, type MapEntry } from './resolve/map-entry.ts';
export { type ExtensionSymbol, localName, type TypeSymbol } from './resolve/file-symbols.ts';
export { messageAt, messageIndexes, messageNames, type NamedMessage } from './resolve/message-indexes.ts';
export { resolveExtension, resolveType } from './resolve/resolve-name.ts';
export { parseSchema } from './parse-schema.ts';
export { protobufTagging } from './tagging/protobuf-tagging.ts';
export { protobufTypeScript } from './typescript/protobuf-typescript.ts';
export { normalizeSchema } from './normalize/normalize-schema.ts';
export { protobufFormat } from './protobuf-format.ts';
export { fieldNames } from './validate/field-names.ts';
