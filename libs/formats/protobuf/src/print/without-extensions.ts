import type { Enum } from '../ast/enum.ts';
import type { Field } from '../ast/field.ts';
import type { Group, Message, Oneof, TypeDeclaration } from '../ast/message.ts';
import type { Option } from '../ast/option.ts';
import type { ProtoFile } from '../ast/proto-file.ts';

/** The file without what only its extensions mean: extend blocks, extension ranges, and custom options but Confluent's own. */
export function withoutExtensions(file: ProtoFile): ProtoFile {
  return {
    ...file,
    options: standard(file.options),
    types: file.types.map(plainType),
    extends: [],
    services: file.services.map((service) => ({
      ...service,
      options: standard(service.options),
      rpcs: service.rpcs.map((rpc) => ({ ...rpc, options: standard(rpc.options) })),
    })),
  };
}

function standard(options: readonly Option[]): Option[] {
  return options.filter(({ name: [first] }) => !first?.extension || /^\.?confluent\./.test(first.name));
}

function plainType(type: TypeDeclaration): TypeDeclaration {
  return type.kind === 'enum' ? plainEnum(type) : plainMessage(type);
}

function plainMessage(message: Message): Message {
  return {
    ...message,
    options: standard(message.options),
    ...plainMembers(message),
    oneofs: message.oneofs.map((oneof) => ({
      ...oneof,
      options: standard(oneof.options),
      ...plainMembers(oneof),
    })),
    extensionRanges: [],
    nestedTypes: message.nestedTypes.map(plainType),
    extends: [],
  };
}

function plainMembers({ fields, groups }: Pick<Oneof, 'fields' | 'groups'>): { fields: Field[]; groups: Group[] } {
  return {
    fields: fields.map((field) => ({ ...field, options: standard(field.options) })),
    groups: groups.map((group) => ({
      ...group,
      options: standard(group.options),
      message: plainMessage(group.message),
    })),
  };
}

function plainEnum(type: Enum): Enum {
  return {
    ...type,
    options: standard(type.options),
    values: type.values.map((value) => ({ ...value, options: standard(value.options) })),
  };
}
