import type { JsonNode } from '#libs/formats/json-text';
import type { AvroType, Properties } from './avro-type.ts';
import { tooComplex } from './invalid-schema.ts';

/**
 * Throws SCHEMA_TOO_COMPLEX when the schema, written out with every named type in full where it is first used, nests deeper
 * than `depthMax` levels of JSON. What is written by references and later definitions can nest far deeper than its own text;
 * whatever passes here can be printed, parsed again and walked by recursion.
 */
export function checkNesting(root: AvroType, depthMax: number): void {
  const seen = new Set<AvroType>();
  const reach = (depth: number): void => {
    if (depth > depthMax) throw tooComplex(`with its named types in place it nests deeper than ${depthMax} levels`);
  };
  const reachIn = (properties: Properties, depth: number): void => {
    for (const value of properties.values()) reach(depth + levelsOf(value));
  };
  const walk = (type: AvroType, depth: number): void => {
    reach(depth);
    if (type.kind === 'union') {
      for (const branch of type.branches) walk(branch, depth + 1);
      return;
    }
    reachIn(type.properties, depth + 1);
    if (type.kind === 'array') walk(type.items, depth + 1);
    if (type.kind === 'map') walk(type.values, depth + 1);
    if (type.kind !== 'record' || seen.has(type)) return;
    seen.add(type);
    for (const field of type.fields) {
      // The object of the record, the array of its fields, the object of the field.
      walk(field.type, depth + 3);
      reachIn(field.properties, depth + 3);
      if (field.default) reach(depth + 3 + levelsOf(field.default));
    }
  };
  walk(root, 0);
}

/** Levels of JSON inside a value: none in a plain one. */
function levelsOf(node: JsonNode): number {
  if (node.kind === 'array') return node.items.reduce((deepest, item) => Math.max(deepest, 1 + levelsOf(item)), 1);
  if (node.kind !== 'object') return 0;
  return node.members.reduce((deepest, { value }) => Math.max(deepest, 1 + levelsOf(value)), 1);
}
