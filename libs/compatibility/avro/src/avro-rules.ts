import type { AvroSchema } from '#libs/formats/avro';
import { SCHEMA_LIMITS } from '#libs/formats/schema';
import type { CompatibilityRules, Difference } from '#libs/compatibility/levels';
import { compareTypes } from './compare-types.ts';
import { Comparison, type Finding } from './comparison.ts';

/**
 * Whether data of a writer's schema can be read with a reader's: the rules, their names and their places are those of
 * `SchemaCompatibility` of Avro 1.12 for Java, which Confluent's registry uses. Names match without their namespaces, or by an
 * alias of the reader; logical types play no part. There is one policy.
 */
export const avroRules: CompatibilityRules<AvroSchema> = {
  differences: (reader, writer, { stepsMax = SCHEMA_LIMITS.stepsMax }) => {
    const comparison = new Comparison(compareTypes, stepsMax);
    return worded(comparison.findings(reader.root, writer.root, ''));
  },
};

/** A type that is used many times has its differences found once and reported every time. */
function worded(findings: readonly Finding[]): Difference[] {
  const words = new Map<Finding, Difference>();
  return findings.map((finding) => {
    const difference = words.get(finding) ?? finding();
    words.set(finding, difference);
    return difference;
  });
}
