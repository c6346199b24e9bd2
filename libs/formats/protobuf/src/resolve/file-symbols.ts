import type { Field } from '../ast/field.ts';
import type { Extend, Group, Message, TypeDeclaration } from '../ast/message.ts';
import { fieldName, typesWithin } from '../ast/message.ts';
import type { ProtoFile } from '../ast/proto-file.ts';
import { schemaTooComplex } from '../errors.ts';

/** A message (a group's included) or an enum with the name by which every file knows it: `pkg.Outer.Inner`. */
export interface TypeSymbol {
  readonly fullName: string;
  readonly type: TypeDeclaration;
  readonly file: ProtoFile;
}

/** A field that an extend block adds to a message. `scope` is where the block stands, and where its names are resolved from. */
export interface ExtensionSymbol {
  readonly fullName: string;
  readonly field: Field | Group;
  readonly extend: Extend;
  readonly scope: string;
  readonly file: ProtoFile;
}

export interface FileSymbols {
  /** By full name, in source order. Of several with one name the first. */
  readonly types: ReadonlyMap<string, TypeSymbol>;
  readonly extensions: ReadonlyMap<string, ExtensionSymbol>;
}

/** Every name of a part is written out with its scope: long scopes of many parts would take memory without bound. */
const NAME_LENGTH_MAX = 1_024;

const symbolsByFile = new WeakMap<ProtoFile, FileSymbols>();

/** What a file declares. Found once per file. Throws SCHEMA_TOO_COMPLEX when nesting makes names too long. */
export function fileSymbols(file: ProtoFile): FileSymbols {
  let symbols = symbolsByFile.get(file);
  if (symbols === undefined) {
    symbols = collect(file);
    symbolsByFile.set(file, symbols);
  }
  return symbols;
}

/** `scope.name`, or the name alone where there is no scope. */
export function qualified(scope: string, name: string): string {
  return scope === '' ? name : `${scope}.${name}`;
}

/** The name of a type without its package: `Outer.Inner`. */
export function localName({ fullName, file }: TypeSymbol): string {
  return file.package === undefined ? fullName : fullName.slice(file.package.length + 1);
}

/** Depth of recursion is bounded by the parser's limit on nesting. */
function collect(file: ProtoFile): FileSymbols {
  const types = new Map<string, TypeSymbol>();
  const extensions = new Map<string, ExtensionSymbol>();

  const addType = (scope: string, type: TypeDeclaration): void => {
    const fullName = qualified(scope, type.name);
    if (fullName.length > NAME_LENGTH_MAX) {
      throw schemaTooComplex(
        `A type has a full name of more than ${NAME_LENGTH_MAX} characters: "${fullName.slice(0, 100)}…"`,
        'nameLengthMax',
        NAME_LENGTH_MAX,
      );
    }
    if (!types.has(fullName)) types.set(fullName, { fullName, type, file });
    if (type.kind === 'message') addMessage(fullName, type);
  };
  const addMessage = (fullName: string, message: Message): void => {
    for (const type of typesWithin(message)) addType(fullName, type);
    for (const extend of message.extends) addExtend(fullName, extend);
  };
  const addExtend = (scope: string, extend: Extend): void => {
    for (const field of [...extend.fields, ...extend.groups]) {
      const fullName = qualified(scope, fieldName(field));
      if (!extensions.has(fullName)) extensions.set(fullName, { fullName, field, extend, scope, file });
    }
  };

  const scope = file.package ?? '';
  for (const type of file.types) addType(scope, type);
  for (const extend of file.extends) {
    for (const group of extend.groups) addType(scope, group.message);
    addExtend(scope, extend);
  }
  return { types, extensions };
}
