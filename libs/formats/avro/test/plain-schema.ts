/** A schema as plain JSON, every named type with its full name. */
export type PlainSchema = string | PlainSchema[] | PlainType;
export type PlainType =
  | { type: 'array'; items: PlainSchema }
  | { type: 'map'; values: PlainSchema }
  | { type: 'record'; name: string; aliases?: string[]; fields: PlainField[] }
  | { type: 'enum'; name: string; aliases?: string[]; symbols: string[]; default?: string }
  | { type: 'fixed'; name: string; aliases?: string[]; size: number };
export interface PlainField {
  name: string;
  type: PlainSchema;
  default?: unknown;
  aliases?: string[];
}

export const PRIMITIVES = ['null', 'boolean', 'int', 'long', 'float', 'double', 'bytes', 'string'];

/** A generator of choices: numbers in [0, 1). */
export type Random = () => number;

export function pick<T>(random: Random, choices: readonly T[]): T {
  return choices[Math.floor(random() * choices.length)] as T;
}

/** What a union must not have twice: the name of a named type, the kind of any other. */
export function branchKey(type: PlainSchema): string {
  if (typeof type === 'string') return type;
  if (Array.isArray(type)) return 'union';
  return 'name' in type ? type.name : type.type;
}

/** A default for the types that have an obvious one, or undefined. */
export function obviousDefault(type: PlainSchema): unknown {
  if (Array.isArray(type)) return type[0] === undefined ? undefined : obviousDefault(type[0]);
  if (typeof type === 'object') {
    if (type.type === 'enum') return type.symbols[0];
    return type.type === 'array' ? [] : type.type === 'map' ? {} : undefined;
  }
  switch (type) {
    case 'null':
      return null;
    case 'boolean':
      return true;
    case 'string':
    case 'bytes':
      return 'x';
    case 'int':
    case 'long':
      return 7;
    case 'float':
    case 'double':
      return 1.5;
    default:
      return undefined;
  }
}

/**
 * The same schema as one that parsers take: a name that is not defined yet becomes a long, a second definition becomes the name,
 * of equal branches of a union the first stays, and a union without branches becomes a null.
 */
export function wellFormed(schema: PlainSchema, defined = new Set<string>(PRIMITIVES)): PlainSchema {
  if (typeof schema === 'string') return defined.has(schema) ? schema : 'long';
  if (Array.isArray(schema)) {
    const branches = schema.map((branch) => wellFormed(branch, defined)).filter((branch) => !Array.isArray(branch));
    const keys = branches.map(branchKey);
    const distinct = branches.filter((branch, index) => keys.indexOf(branchKey(branch)) === index);
    return distinct.length === 0 ? 'null' : distinct;
  }
  if (schema.type === 'array') return { ...schema, items: wellFormed(schema.items, defined) };
  if (schema.type === 'map') return { ...schema, values: wellFormed(schema.values, defined) };
  if (defined.has(schema.name)) return schema.name;
  defined.add(schema.name);
  if (schema.type !== 'record') return schema;
  const names = new Set<string>();
  const fields = schema.fields
    .filter(({ name }) => !names.has(name) && names.add(name))
    .map((field) => withValidDefault({ ...field, type: wellFormed(field.type, defined) }));
  return { ...schema, fields };
}

function withValidDefault({ default: fallback, ...field }: PlainField): PlainField {
  if (fallback === undefined) return field;
  const obvious = obviousDefault(field.type);
  return obvious === undefined ? field : { ...field, default: obvious };
}
