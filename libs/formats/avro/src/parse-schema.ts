import { type JsonNode, parseJson } from '#libs/formats/json-text';
import { type Dependency, SCHEMA_LIMITS, type SchemaLimits } from '#libs/formats/schema';
import type { AvroSchema } from './avro-schema.ts';
import { type AvroType, isNamed } from './avro-type.ts';
import { blankComments } from './blank-comments.ts';
import { checkNesting } from './check-nesting.ts';
import { NamedTypes } from './named-types.ts';
import { parseType } from './parse-type.ts';
import { NodeBudget } from './place.ts';

/**
 * Reads a schema as Avro 1.12 for Java does with defaults unchecked: names are checked, types may be used before they are
 * defined, comments are allowed, an invalid logical type is a property without meaning.
 */
export function parseSchema(
  text: string,
  dependencies: readonly Dependency[],
  limits: SchemaLimits = SCHEMA_LIMITS,
): AvroSchema {
  return parseNodes(readText(text, limits), dependencies, limits);
}

/** The same from a JSON value. */
export function parseNodes(
  node: JsonNode,
  dependencies: readonly Dependency[],
  limits: SchemaLimits = SCHEMA_LIMITS,
): AvroSchema {
  const types = new NamedTypes();
  const budget = new NodeBudget(limits.nodesMax);
  const read = (part: JsonNode): AvroType => {
    const parsed: AvroType[] = [];
    parseType(part, { readType: parseType, types, budget, path: '' }, (type) => (parsed[0] = type));
    types.resolve();
    return parsed[0] as AvroType;
  };
  const named = dependencies.map((dependency) => read(readText(dependency.text, limits))).filter(isNamed);
  const root = read(node);
  checkNesting(root, limits.depthMax);
  return { root, dependencies, dependencyNames: named.map(({ name }) => name.full) };
}

function readText(text: string, limits: SchemaLimits): JsonNode {
  return parseJson(blankComments(text), limits);
}
