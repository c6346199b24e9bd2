/**
 * One reason why a reader cannot read what a writer wrote. `{reader}` and `{writer}` in the description stand for the words
 * "new" and "old", whichever schema has which part in the direction checked.
 */
export interface Difference {
  /** Confluent's name of the rule, such as READER_FIELD_MISSING_DEFAULT_VALUE. */
  readonly type: string;
  /** Where, in the format's own notation: /fields/1, #/properties/a, #/Message/3. */
  readonly path: string;
  /** As Confluent words it. */
  readonly description: string;
  /** Confluent's `additionalInfo`, for Avro. */
  readonly additionalInfo?: string;
  /** The smallest change of the new schema that would mend it, in plain words, as seen from each direction. */
  readonly fix: { readonly ifReaderIsNew: string; readonly ifWriterIsNew: string };
}

/** The strictness of JSON Schema comparisons (Confluent's compatibilityPolicy). The other formats have one. */
export type CompatibilityPolicy = 'STRICT' | 'LENIENT' | 'LOGICAL';

/** Differences that one comparison lists: schemas that share types many times can differ along exponentially many paths. */
export const DIFFERENCES_MAX = 2_000;

/**
 * The rules of a format: what keeps `reader` from reading everything that is valid under `writer`; empty when nothing does,
 * and no more than the first DIFFERENCES_MAX. Pure; throws SCHEMA_TOO_COMPLEX after `stepsMax` steps.
 */
export interface CompatibilityRules<S> {
  differences(
    reader: S,
    writer: S,
    options: { readonly policy: CompatibilityPolicy; readonly stepsMax?: number },
  ): Difference[];
}
