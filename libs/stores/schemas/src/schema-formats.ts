import type { CompatibilityRules } from '#libs/compatibility/levels';
import type { SchemaFormat, SchemaTagging, SchemaType } from '#libs/formats/schema';

/** What the registry does with schemas of one format. `S` is the format's own parsed schema. */
export interface FormatParts<S> {
  readonly format: SchemaFormat<S>;
  readonly rules: CompatibilityRules<S>;
  /** Absent where a format has no place for tags in its texts. */
  readonly tagging?: SchemaTagging<S>;
}

/** The parsed form differs per format and only the format looks into it. */
export type ParsedSchema = { readonly _parsedBy?: SchemaType };
// The registry hands each parsed schema back to the format that made it, which the type parameter cannot express for a map.
// oxlint-disable-next-line typescript/no-explicit-any
export type SchemaFormats = Readonly<Record<SchemaType, FormatParts<any>>>;
