import type { JsonNode } from '#libs/formats/json-text';

/** How the types within are written: with an indent, and with references allowed to lead back. */
export type WriteType = (node: JsonNode, indent: string) => string;
