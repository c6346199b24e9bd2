import type { Dependency } from './schema-reference.ts';
import type { SchemaLimits } from './schema-limits.ts';
import type { SchemaType } from './schema-type.ts';

/**
 * What the registry needs of a format. Pure: text in, text out; nothing is ever fetched. `S` is the format's own parsed
 * schema, immutable, holding its dependencies resolved. Every function that meets invalid input throws TidemarkError
 * SCHEMA_INVALID with a message that says what is wrong and where (a path or a line), or SCHEMA_TOO_COMPLEX.
 */
export interface SchemaFormat<S> {
  readonly type: SchemaType;
  /** Parses a schema text with what it references. Lenient as the format's reference implementation is for stored schemas. */
  parse(text: string, dependencies: readonly Dependency[], limits?: SchemaLimits): S;
  /** The text whose bytes identify the schema (see `fingerprint`). Parsing it again yields the same text. */
  canonicalText(schema: S): string;
  /** The same schema in normal form (`normalize=true`); idempotent. References are the registry's to sort. */
  normalize(schema: S): S;
  /**
   * Checks that a new schema has to pass beyond parsing, such as defaults that fit their types; with `fields` also that no field
   * name starts with `$$` (Confluent's `validateFields`).
   */
  validate(schema: S, options: { readonly fields: boolean }): void;
  /** The names of the fields at the top, which the metadata property `confluent:reserved` can reserve. */
  fieldNames(schema: S): readonly string[];
  /** The text in a named format: `resolved`, `serialized`, `ignore_extensions` where they exist; any other name: canonical. */
  formattedText(schema: S, format: string): string;
  /** Whether two schemas are the same to a client that looks one up: equal syntax trees, or equal once references are inlined. */
  equivalent(a: S, b: S): boolean;
}
