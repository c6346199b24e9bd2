import type { SchemaLimits } from '#libs/formats/schema';
import { JsonReader } from './json-reader.ts';
import type { JsonNode } from './json-node.ts';

/**
 * Reads one JSON text without loss. Of members with the same name the last value counts, at the place of the first, as
 * Jackson's trees have it. Strict otherwise: no comments, no trailing commas, nothing after the value.
 * `limits` default to SCHEMA_LIMITS; a depth over 1,000 is never read, so that walking a tree by recursion is safe.
 * Throws SCHEMA_INVALID naming line and column (both from 1, columns in UTF-16 units), SCHEMA_TOO_COMPLEX at a limit.
 */
export function parseJson(text: string, limits: Partial<SchemaLimits> = {}): JsonNode {
  return new JsonReader(text, limits).document();
}
