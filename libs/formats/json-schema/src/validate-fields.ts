import { type JsonNode, member } from '#libs/formats/json-text';
import { TidemarkError } from '#libs/foundation/kernel';
import type { JsonSchema } from './json-schema.ts';

const RESERVED_PREFIX = '$$';

/**
 * The names of the properties that the schema itself declares, in order: those of the root, and of what the root's `$ref`
 * leads to. The registry compares them with the metadata property `confluent:reserved`.
 */
export function fieldNames(schema: JsonSchema): string[] {
  const names: string[] = [];
  const met = new Set<JsonNode>();
  for (let node: JsonNode | undefined = schema.root; node !== undefined && !met.has(node); node = schema.target(node)) {
    met.add(node);
    const properties = member(node, 'properties');
    if (properties?.kind === 'object') names.push(...properties.members.map(({ name }) => name));
  }
  return names;
}

/** Refuses property names that start with `$$`, which Confluent keeps for itself. Throws SCHEMA_INVALID naming the first. */
export function validateFields(schema: JsonSchema): void {
  const name = fieldNames(schema).find((each) => each.startsWith(RESERVED_PREFIX));
  if (name === undefined) return;
  const problem = `names of properties must not start with "${RESERVED_PREFIX}"`;
  throw new TidemarkError('SCHEMA_INVALID', `Invalid JSON Schema at #/properties/${name}: ${problem}.`);
}
