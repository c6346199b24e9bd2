import type { Message, TypeDeclaration } from '../ast/message.ts';
import { findOption } from '../ast/option.ts';
import type { ProtoFile } from '../ast/proto-file.ts';
import type { ProtobufSchema } from '../protobuf-schema.ts';

/** A message or enum of a schema or of one of its imports. */
export interface DeclaredType {
  /** With the package, without a leading dot. */
  readonly fullName: string;
  /** Without the package: `Outer.Inner`. */
  readonly localName: string;
  readonly declaration: TypeDeclaration;
  /** Whether the schema's own file declares it, not an import. */
  readonly own: boolean;
  /** Whether it is the entry of a map that was spelled out as a message, as descriptors do. */
  readonly mapEntry: boolean;
}

/** The types that a schema can name. */
export interface TypeIndex {
  readonly byFullName: ReadonlyMap<string, DeclaredType>;
  /**
   * The type that a name stands for within a scope (a package or a full type name, without a leading dot): the innermost scope
   * that has it wins; a leading dot means from the root. Undefined when there is none.
   */
  resolve(name: string, scope: string): DeclaredType | undefined;
}

/** Indexes the types of a schema and of all its imports, groups included. The schema's own win over imported ones of the same name. */
export function indexTypes(schema: ProtobufSchema): TypeIndex {
  const byFullName = new Map<string, DeclaredType>();
  for (const file of schema.imports.values()) addFile(byFullName, file, false);
  addFile(byFullName, schema.file, true);
  return { byFullName, resolve: (name, scope) => resolveIn(byFullName, name, scope) };
}

/** The types that a message declares: the nested ones and those of its groups. */
export function typesWithin(message: Message): readonly TypeDeclaration[] {
  const groups = [...message.groups, ...message.oneofs.flatMap((oneof) => oneof.groups)];
  return [
    ...message.nestedTypes,
    ...[...groups, ...message.extends.flatMap((extend) => extend.groups)].map((group) => group.message),
  ];
}

function addFile(into: Map<string, DeclaredType>, file: ProtoFile, own: boolean): void {
  const groups = file.extends.flatMap((extend) => extend.groups.map((group) => group.message));
  const add = (types: readonly TypeDeclaration[], localScope: string): void => {
    for (const declaration of types) {
      const localName = localScope === '' ? declaration.name : `${localScope}.${declaration.name}`;
      const fullName = file.package === undefined ? localName : `${file.package}.${localName}`;
      into.set(fullName, { fullName, localName, declaration, own, mapEntry: isMapEntry(declaration) });
      if (declaration.kind === 'message') add(typesWithin(declaration), localName);
    }
  };
  add([...file.types, ...groups], '');
}

function resolveIn(types: ReadonlyMap<string, DeclaredType>, name: string, scope: string): DeclaredType | undefined {
  if (name.startsWith('.')) return types.get(name.slice(1));
  for (let within = scope; within !== ''; within = within.slice(0, Math.max(0, within.lastIndexOf('.')))) {
    const found = types.get(`${within}.${name}`);
    if (found !== undefined) return found;
  }
  return types.get(name);
}

function isMapEntry(declaration: TypeDeclaration): boolean {
  if (declaration.kind !== 'message') return false;
  const option = findOption(declaration.options, 'map_entry');
  return option?.value.kind === 'identifier' && option.value.name === 'true';
}
