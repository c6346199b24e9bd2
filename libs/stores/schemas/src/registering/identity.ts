import { fingerprint, type Metadata, type RuleSet, type SchemaReference } from '#libs/formats/schema';
import { withoutVersion } from '../contents/merge-metadata.ts';

/** What a client says about a schema beside its text. */
export interface Attributes {
  readonly metadata: Metadata | null;
  readonly ruleSet: RuleSet | null;
}

/** Whether two schemas say the same beside their texts; a version noted in the metadata does not count. */
export function sameAttributes(a: Attributes, b: Attributes): boolean {
  const digest = ({ metadata, ruleSet }: Attributes): Buffer =>
    fingerprint({ canonicalText: '', references: [], metadata: withoutVersion(metadata), ruleSet });
  return digest(a).equals(digest(b));
}

export function sameReferences(a: readonly SchemaReference[], b: readonly SchemaReference[]): boolean {
  return (
    a.length === b.length &&
    a.every(({ name, subject, version }, i) => {
      const other = b[i]!;
      return name === other.name && subject === other.subject && version === other.version;
    })
  );
}
