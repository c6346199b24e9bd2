import {
  checkLevel,
  type CompatibilityLevel,
  type CompatibilityPolicy,
  type EarlierVersion,
  type LevelVerdict,
} from '#libs/compatibility/levels';
import type { Queryable } from '#libs/foundation/postgres';
import type { Candidate } from '../contents/candidate.ts';
import { refuseInvalid } from '../contents/refuse-invalid.ts';
import type { SchemaLibrary } from '../contents/schema-library.ts';
import type { ConfigRecord } from '../registry.ts';
import type { ParsedSchema } from '../schema-formats.ts';
import type { StoredVersion } from '../stored-schema.ts';
import type { Metadata } from '#libs/formats/schema';

export interface Comparison {
  readonly candidate: Candidate;
  readonly metadata: Metadata | null;
  readonly config: ConfigRecord;
}

const COMPATIBLE: LevelVerdict = { compatible: true, messages: [], reasons: [] };

/**
 * Whether a schema may follow earlier versions, which come newest first and page by page, as far as the level asks. Throws
 * 42201 when a comparison takes more steps than the limits allow.
 */
export async function compareWithEarlier(
  db: Queryable,
  library: SchemaLibrary,
  { candidate, metadata, config }: Comparison,
  pages: AsyncIterable<readonly StoredVersion[]>,
): Promise<LevelVerdict> {
  const level = (config.compatibilityLevel ?? 'BACKWARD') as CompatibilityLevel;
  if (level === 'NONE') return COMPATIBLE;
  const group = config.compatibilityGroup;
  for await (const page of pages) {
    const compared = page.filter((each) => group === undefined || sameGroup(group, metadata, each.metadata));
    if (compared.length === 0) continue;
    const earlier = level.endsWith('_TRANSITIVE') ? compared : compared.slice(0, 1);
    const parsed = new Map<number, ParsedSchema>();
    for (const each of earlier) {
      if (each.type === candidate.type) parsed.set(each.version, await library.parsed(db, each));
    }
    const verdict = refuseInvalid(candidate.type, () =>
      checkLevel({
        level,
        policy: (config.compatibilityPolicy ?? 'STRICT') as CompatibilityPolicy,
        candidate: { schemaType: candidate.type, schema: candidate.parsed },
        earlier: earlier.map((each): EarlierVersion<ParsedSchema> => ({
          version: each.version,
          schemaType: each.type,
          text: each.text,
          schema: () => parsed.get(each.version)!,
        })),
        rules: library.formats[candidate.type].rules,
        validateFields: config.validateFields === true,
      }),
    );
    if (!verdict.compatible || !level.endsWith('_TRANSITIVE')) return verdict;
  }
  return COMPATIBLE;
}

function sameGroup(group: string, a: Metadata | null, b: Metadata | null): boolean {
  return a?.properties?.[group] === b?.properties?.[group];
}
