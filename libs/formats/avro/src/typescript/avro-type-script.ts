import type { AvroSchema } from '../avro-schema.ts';
import { type AvroType, isNamed, type NamedType, type RecordField, type RecordType } from '../avro-type.ts';
import { namedTypesOf } from '../named-types-of.ts';
import { docComment } from './doc-comment.ts';
import { identifier, typeNames } from './type-names.ts';
import { isDecimal, isWrapped } from './value-kind.ts';

/**
 * TypeScript declarations of the values that the codec decodes: an interface for every record, a type for every enum, fixed and
 * for a root without a name, the root first and all exported. Longs are bigints, bytes are Uint8Arrays, decimals exact texts.
 * Compiles by itself under `strict`. `rootName` names the root; by default it has its own name, or `Value`.
 */
export function avroTypeScript({ root }: AvroSchema, { rootName }: { readonly rootName?: string } = {}): string {
  const types = namedTypesOf(root);
  const named = isNamed(root) ? root : undefined;
  const wanted = rootName ?? (named ? undefined : 'Value');
  const names = typeNames(types, wanted === undefined ? undefined : { type: named, name: identifier(wanted) });
  const declarations = types.map((type) => declaration(type, names));
  if (!named) declarations.unshift(`export type ${identifier(wanted ?? 'Value')} = ${typeText(root, names)};\n`);
  return declarations.join('\n');
}

type Names = ReadonlyMap<NamedType, string>;

function declaration(type: NamedType, names: Names): string {
  const head = docComment([type.doc, logicalNote(type)], '');
  const name = names.get(type) ?? type.name.simple;
  if (type.kind === 'enum') return `${head}export type ${name} = ${symbolsText(type.symbols)};\n`;
  if (type.kind === 'fixed') return `${head}export type ${name} = ${isDecimal(type) ? 'string' : 'Uint8Array'};\n`;
  if (type.fields.length === 0) return `${head}export type ${name} = Record<string, never>;\n`;
  return `${head}export interface ${name} {\n${fieldsText(type, names)}}\n`;
}

function fieldsText({ fields }: RecordType, names: Names): string {
  return fields.map((field) => fieldText(field, names)).join('');
}

function fieldText({ name, doc, type }: RecordField, names: Names): string {
  const key = /^[A-Za-z_][A-Za-z_0-9]*$/.test(name) && name !== '__proto__' ? name : JSON.stringify(name);
  const note = isNamed(type) ? undefined : logicalNote(type);
  return `${docComment([doc, note], '  ')}  ${key}: ${typeText(type, names)};\n`;
}

function typeText(type: AvroType, names: Names): string {
  if (isNamed(type)) return names.get(type) ?? type.name.simple;
  switch (type.kind) {
    case 'null':
    case 'boolean':
    case 'string':
      return type.kind;
    case 'int':
    case 'float':
    case 'double':
      return 'number';
    case 'long':
      return 'bigint';
    case 'bytes':
      return isDecimal(type) ? 'string' : 'Uint8Array';
    case 'array':
      return `Array<${typeText(type.items, names)}>`;
    case 'map':
      return `Record<string, ${typeText(type.values, names)}>`;
    default:
      return unionText(type.branches, names);
  }
}

function unionText(branches: readonly AvroType[], names: Names): string {
  const wrapped = isWrapped(branches);
  const parts = branches.map((branch) => {
    const text = typeText(branch, names);
    return wrapped && branch.kind !== 'null' ? `{ ${JSON.stringify(branchName(branch))}: ${text} }` : text;
  });
  return parts.length === 0 ? 'never' : parts.join(' | ');
}

function branchName(branch: AvroType): string {
  return isNamed(branch) ? branch.name.full : branch.kind;
}

function symbolsText(symbols: readonly string[]): string {
  return symbols.length === 0 ? 'never' : symbols.map((symbol) => JSON.stringify(symbol)).join(' | ');
}

/** What the plain TypeScript type does not say. */
function logicalNote(type: AvroType): string | undefined {
  const logicalType = 'logicalType' in type ? type.logicalType : undefined;
  if (logicalType?.name !== 'decimal') return logicalType && `Avro ${logicalType.name}.`;
  return `Avro decimal, ${logicalType.precision} digits, ${logicalType.scale} of them after the point.`;
}
