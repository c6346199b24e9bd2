import type { ProtobufSchema } from '../protobuf-schema.ts';
import { fileSymbols, type TypeSymbol } from '../resolve/file-symbols.ts';
import { mapEntryOf } from '../resolve/map-entry.ts';
import { schemaInvalid } from '../errors.ts';
import { enumDeclaration, messageDeclaration } from './declarations.ts';
import { TypeNames } from './type-names.ts';

/**
 * The TypeScript types of decoded values: every message and enum of the schema's own file, the first message first, and what they
 * use of the imports, all exported. The first message is named `rootName` where one is given. Members have the names of the
 * .proto file, and are optional where absence is told from zero: messages, `optional` fields, members of oneofs, and all of
 * proto2 that is not required. 64-bit integers are bigint, bytes Uint8Array, maps Record<string, …>, enums the names of their
 * values; an open enum may also be the number of a value that it does not name. Compiles under `strict`. Throws SCHEMA_INVALID
 * when the file has no message, or `rootName` is no identifier.
 */
export function protobufTypeScript(schema: ProtobufSchema, options: { readonly rootName?: string } = {}): string {
  const names = new TypeNames(schema.file);
  const own = [...fileSymbols(schema.file).types.values()].filter(({ type }) => mapEntryOf(type) === undefined);
  const root = own.find(({ type }) => type.kind === 'message');
  if (root === undefined) throw schemaInvalid('the file declares no message, so there is no type of a decoded value');
  if (options.rootName !== undefined) {
    if (!/^[A-Za-z_$][\w$]*$/.test(options.rootName)) {
      throw schemaInvalid(`'${options.rootName}' is no name for a type: letters, digits, _ and $, no digit first`);
    }
    names.reserve(root, options.rootName);
  }
  const queue = [root, ...own.filter((symbol) => symbol !== root)];
  const queued = new Set(queue.map(({ fullName }) => fullName));
  for (const symbol of queue) names.nameOf(symbol);
  const declarations: string[] = [];
  for (const symbol of queue) {
    const { type } = symbol;
    const use = (used: TypeSymbol): string => {
      if (!queued.has(used.fullName)) queue.push(used);
      queued.add(used.fullName);
      return names.nameOf(used);
    };
    const name = names.nameOf(symbol);
    declarations.push(
      type.kind === 'enum'
        ? enumDeclaration(name, type, symbol)
        : messageDeclaration(name, type, { schema, type: symbol, use }),
    );
  }
  return `${declarations.join('\n\n')}\n`;
}
