import { invalidSchema } from './invalid-schema.ts';
import { isPrimitiveName } from './primitive-kind.ts';

/** The name of a record, enum or fixed. `space` is undefined in the default namespace; `full` is what identifies the type. */
export interface Name {
  readonly simple: string;
  readonly space?: string;
  readonly full: string;
}

const COMPLEX_NAMES: ReadonlySet<string> = new Set('record enum array map union fixed'.split(' '));

const NAME = /^[\p{L}_][\p{L}\p{Nd}_]*$/u;
const SURROGATE = /[\ud800-\udfff]/;

/** A name as written, which may be dotted, within a namespace. The namespace's own parts are checked by `checkNamespace`. */
export function nameOf(written: string, space: string | undefined, path: string): Name {
  const dot = written.lastIndexOf('.');
  const simple = checkName(written.slice(dot + 1), path);
  const own = dot < 0 ? space : written.slice(0, dot);
  if (own === undefined || own === '') return { simple, full: simple };
  return { simple, space: own, full: `${own}.${simple}` };
}

/** Throws unless the text is a name: letters, digits and `_` of any script, as Java's default validator has it. */
export function checkName(name: string, path: string): string {
  if (!NAME.test(name) || SURROGATE.test(name)) {
    const why = name === '' ? 'it is empty' : 'names start with a letter or _ and go on with letters, digits and _';
    throw invalidSchema(`invalid name ${JSON.stringify(name)}: ${why}`, path);
  }
  return name;
}

/** Throws unless every part of the namespace is a name. */
export function checkNamespace(name: Name, path: string): void {
  for (const part of name.space?.split('.') ?? []) checkName(part, path);
}

/** How a name is written inside a namespace, so that reading it there finds the same type and not, say, a string. */
export function writtenIn({ simple, space, full }: Name, inside: string | undefined): string {
  if (space === undefined || space !== inside) return full;
  return isPrimitiveName(simple) || COMPLEX_NAMES.has(simple) ? full : simple;
}
