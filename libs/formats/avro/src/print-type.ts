import { type JsonNode, printJson, printString } from '#libs/formats/json-text';
import type { AvroType, EnumType, FixedType, NamedType, Properties, RecordField, RecordType } from './avro-type.ts';
import { writtenIn } from './name.ts';

/**
 * The text of a type as Java's `Schema.toString` prints it: minified, members in a fixed order, the namespace only where it
 * differs from the enclosing one, and a named type in full the first time and by name from then on. Types in `known` are
 * printed by name from the start; it is extended by what is printed. Records and fields in `properties` are printed with those
 * in place of their own.
 */
export function printType(type: AvroType, known: Set<string>, properties: ReplacedProperties = new Map()): string {
  const out: string[] = [];
  print(type, undefined, { known, out, properties });
  return out.join('');
}

export type ReplacedProperties = ReadonlyMap<RecordType | RecordField, Properties>;

interface Printer {
  readonly properties: ReadonlyMap<NamedType | RecordField, Properties>;
  /** Full names of the types that have been defined. */
  readonly known: Set<string>;
  readonly out: string[];
}

function print(type: AvroType, space: string | undefined, to: Printer): void {
  switch (type.kind) {
    case 'record':
    case 'enum':
    case 'fixed':
      printNamed(type, space, to);
      return;
    case 'union':
      type.branches.forEach((branch, index) => {
        to.out.push(index === 0 ? '[' : ',');
        print(branch, space, to);
      });
      to.out.push(type.branches.length === 0 ? '[]' : ']');
      return;
    case 'array':
    case 'map':
      to.out.push(type.kind === 'array' ? '{"type":"array","items":' : '{"type":"map","values":');
      print(type.kind === 'array' ? type.items : type.values, space, to);
      printProperties(type.properties, to);
      to.out.push('}');
      return;
    default:
      if (type.properties.size === 0) to.out.push(`"${type.kind}"`);
      else {
        to.out.push(`{"type":"${type.kind}"`);
        printProperties(type.properties, to);
        to.out.push('}');
      }
  }
}

function printNamed(type: NamedType, space: string | undefined, to: Printer): void {
  const { name, doc } = type;
  if (to.known.has(name.full)) {
    to.out.push(printString(writtenIn(name, space)));
    return;
  }
  to.known.add(name.full);
  const kind = type.kind === 'record' && type.isError ? 'error' : type.kind;
  to.out.push(`{"type":"${kind}","name":${printString(name.simple)}`);
  // An empty namespace leads back out of an enclosing one.
  if (name.space !== space) to.out.push(`,"namespace":${printString(name.space ?? '')}`);
  if (doc !== undefined) to.out.push(`,"doc":${printString(doc)}`);
  printBody(type, to);
  printProperties(to.properties.get(type) ?? type.properties, to);
  printStrings(
    'aliases',
    type.aliases.map((alias) => writtenIn(alias, name.space)),
    to,
  );
  to.out.push('}');
}

function printBody(type: RecordType | EnumType | FixedType, to: Printer): void {
  if (type.kind === 'fixed') to.out.push(`,"size":${type.size}`);
  else if (type.kind === 'enum') {
    to.out.push(`,"symbols":[${type.symbols.map(printString).join(',')}]`);
    if (type.default !== undefined) to.out.push(`,"default":${printString(type.default)}`);
  } else {
    type.fields.forEach((field, index) => {
      to.out.push(index === 0 ? ',"fields":[' : ',');
      printField(field, type.name.space, to);
    });
    to.out.push(type.fields.length === 0 ? ',"fields":[]' : ']');
  }
}

function printField(field: RecordField, space: string | undefined, to: Printer): void {
  to.out.push(`{"name":${printString(field.name)},"type":`);
  print(field.type, space, to);
  if (field.doc !== undefined) to.out.push(`,"doc":${printString(field.doc)}`);
  if (field.default !== undefined) to.out.push(`,"default":${printValue(field.default)}`);
  if (field.order !== 'ascending') to.out.push(`,"order":"${field.order}"`);
  printStrings('aliases', field.aliases, to);
  printProperties(to.properties.get(field) ?? field.properties, to);
  to.out.push('}');
}

function printStrings(member: string, values: readonly string[], to: Printer): void {
  if (values.length > 0) to.out.push(`,"${member}":[${values.map(printString).join(',')}]`);
}

function printProperties(properties: Properties, to: Printer): void {
  for (const [name, value] of properties) to.out.push(`,${printString(name)}:${printValue(value)}`);
}

/** A value that already has its numbers as Jackson prints them. */
export function printValue(value: JsonNode): string {
  return printJson(value, (text) => text);
}
