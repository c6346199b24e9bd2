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
import { reservedFieldProblems, withProblems } from './reserved-field-problems.ts';

export interface Comparison {
  readonly candidate: Candidate;
  readonly metadata: Metadata | null;
  readonly config: ConfigRecord;
}

const COMPATIBLE: LevelVerdict = { compatible: true, messages: [], reasons: [] };

/**
 * Whether a schema may follow earlier versions, which come newest first and page by page, as far as the level asks, and
 * whether the names that metadata reserve allow it, where fields are validated. Throws 42201 when a comparison takes more
 * steps than the limits allow.
 */
export async function compareWithEarlier(
  db: Queryable,
  library: SchemaLibrary,
  comparison: Comparison,
  pages: AsyncIterable<readonly StoredVersion[]>,
): Promise<LevelVerdict> {
  const { config } = comparison;
  const level = (config.compatibilityLevel ?? 'BACKWARD') as CompatibilityLevel;
  const validateFields = config.validateFields === true;
  if (level === 'NONE' && !validateFields) return COMPATIBLE;
  let verdict = COMPATIBLE;
  let previous: StoredVersion | undefined;
  for await (const page of pages) {
    previous ??= page[0];
    if (level === 'NONE') break;
    const compared = await compareWithPage(db, library, comparison, level, page);
    verdict = compared ?? COMPATIBLE;
    if (compared !== undefined && (!compared.compatible || !level.endsWith('_TRANSITIVE'))) break;
  }
  if (!validateFields) return verdict;
  const { candidate, metadata } = comparison;
  const fields = library.formats[candidate.type].format.fieldNames(candidate.parsed);
  return withProblems(reservedFieldProblems({ fields, metadata, previous }), verdict, level);
}

/** Undefined when no version of the page is to be compared with. */
async function compareWithPage(
  db: Queryable,
  library: SchemaLibrary,
  { candidate, metadata, config }: Comparison,
  level: CompatibilityLevel,
  page: readonly StoredVersion[],
): Promise<LevelVerdict | undefined> {
  const group = config.compatibilityGroup;
  const compared = page.filter((each) => group === undefined || sameGroup(group, metadata, each.metadata));
  if (compared.length === 0) return undefined;
  const earlier = level.endsWith('_TRANSITIVE') ? compared : compared.slice(0, 1);
  const parsed = new Map<number, ParsedSchema>();
  for (const each of earlier) {
    if (each.type === candidate.type) parsed.set(each.version, await library.parsed(db, each));
  }
  return refuseInvalid(candidate.type, () =>
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
}

function sameGroup(group: string, a: Metadata | null, b: Metadata | null): boolean {
  return a?.properties?.[group] === b?.properties?.[group];
}

/** A version, or none, as the pages of a comparison. */
// oxlint-disable-next-line typescript/require-await -- the page is here already, but pages come by waiting
export async function* onePage(version: StoredVersion | undefined): AsyncGenerator<readonly StoredVersion[], void> {
  if (version !== undefined) yield [version];
}
