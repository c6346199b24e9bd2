import { type JsonNode, member } from '#libs/formats/json-text';
import { invalidSchema } from './invalid-schema.ts';

/** The aliases of a type or a field as written, each once. */
export function writtenAliases(node: JsonNode, path: string): readonly string[] {
  const aliases = member(node, 'aliases');
  if (aliases === undefined) return [];
  if (aliases.kind !== 'array') throw invalidSchema('"aliases" is not an array', path);
  const written = new Set<string>();
  for (const alias of aliases.items) {
    if (alias.kind !== 'string') throw invalidSchema('an alias that is not a string', path);
    written.add(alias.value);
  }
  return [...written];
}
