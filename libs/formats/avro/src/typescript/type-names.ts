import type { NamedType } from '../avro-type.ts';

/** Names that mean something else in the text, or cannot be declared at all. */
const TAKEN = new Set(
  (
    'Array Record Uint8Array any arguments async await bigint boolean break case catch class const continue debugger declare ' +
    'default delete do else enum eval export extends false finally for function if implements import in infer instanceof ' +
    'interface keyof let never new null number object of package private protected public readonly return static string super ' +
    'switch symbol this throw true try type typeof undefined unique unknown var void while with yield'
  ).split(' '),
);

/**
 * A TypeScript name for every type: its simple name, with its namespace where two types share that, and with a number where
 * even that is taken. `wanted` has the first choice, for the root.
 */
export function typeNames(
  types: readonly NamedType[],
  wanted?: { readonly type: NamedType | undefined; readonly name: string },
): Map<NamedType, string> {
  const simple = new Map<string, number>();
  for (const { name } of types) simple.set(name.simple, (simple.get(name.simple) ?? 0) + 1);
  const used = new Set(TAKEN);
  const names = new Map<NamedType, string>();
  if (wanted) {
    used.add(wanted.name);
    if (wanted.type) names.set(wanted.type, wanted.name);
  }
  for (const type of types) {
    if (names.has(type)) continue;
    const shared = (simple.get(type.name.simple) ?? 0) > 1;
    const name = free(identifier(shared ? type.name.full : type.name.simple), used);
    used.add(name);
    names.set(type, name);
  }
  return names;
}

/** The text as an identifier: what is not allowed in one becomes an underscore. */
export function identifier(text: string): string {
  const name = text.replace(/[^\p{ID_Continue}$]/gu, '_');
  return /^[\p{ID_Start}$_]/u.test(name) ? name : `_${name}`;
}

function free(name: string, used: ReadonlySet<string>): string {
  if (!used.has(name)) return name;
  let number = 2;
  while (used.has(`${name}_${number}`)) number += 1;
  return `${name}_${number}`;
}
