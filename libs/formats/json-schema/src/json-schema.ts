import type { JsonNode } from '#libs/formats/json-text';
import type { Dependency } from '#libs/formats/schema';
import type { Draft } from './draft.ts';

/** A parsed JSON Schema with all that it refers to. Immutable; nodes are told apart by identity. */
export interface JsonSchema {
  readonly root: JsonNode;
  readonly draft: Draft;
  readonly dependencies: readonly Dependency[];
  /** What the `$ref` (or `$recursiveRef`, `$dynamicRef`) of a schema points at; undefined when it has none. */
  target(node: JsonNode): JsonNode | undefined;
  /** The draft by which a schema of the main text or of a dependency is read. */
  draftAt(node: JsonNode): Draft;
  /** The root of the document that holds a schema. */
  documentOf(node: JsonNode): JsonNode;
  /** Whether a node stands where a schema does; a value of `default` or `enum` that looks like one is none. */
  isSchema(node: JsonNode): boolean;
  /** The name under which the root of a dependency was given, undefined for other nodes. */
  dependencyName(document: JsonNode): string | undefined;
}
