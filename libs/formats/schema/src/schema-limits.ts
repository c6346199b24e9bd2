/** Bounds of one schema, so that no text keeps a parser or a comparison busy. Reaching one throws SCHEMA_TOO_COMPLEX. */
export interface SchemaLimits {
  /** UTF-8 bytes of one schema text. */
  readonly textBytesMax: number;
  /** Levels of nesting of the text, and of types within types after references are resolved. */
  readonly depthMax: number;
  /** Types, fields, members and symbols of a schema with all that it references. */
  readonly nodesMax: number;
  /** Steps of one comparison of two schemas, of about a microsecond each: no other request waits longer for it. */
  readonly stepsMax: number;
}

export const SCHEMA_LIMITS: SchemaLimits = {
  textBytesMax: 1_048_576,
  depthMax: 200,
  nodesMax: 100_000,
  stepsMax: 200_000,
};
