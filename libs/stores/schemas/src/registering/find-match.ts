import type { Queryable } from '#libs/foundation/postgres';
import { fingerprint } from '#libs/formats/schema';
import type { Candidate } from '../contents/candidate.ts';
import { normalReferences } from '../contents/check-references.ts';
import type { SchemaLibrary } from '../contents/schema-library.ts';
import type { QualifiedSubject } from '../names/qualified-subject.ts';
import { type AlikeVersion, findAlike } from '../postgres/find-alike.sql.ts';
import { findOrState } from '../postgres/find-or-state.sql.ts';
import { findLatestVersion } from '../postgres/find-version.sql.ts';
import type { RegistrationState } from '../postgres/read-registration-state.sql.ts';
import type { SeenState } from '../postgres/register-version.sql.ts';
import type { StoredVersion } from '../stored-schema.ts';
import { type Attributes, sameAttributes, sameReferences } from './identity.ts';

/** What is looked for under a subject. */
export interface Wanted extends Attributes {
  readonly candidate: Candidate;
  /** Whether soft-deleted versions count. */
  readonly deleted: boolean;
  /** The candidate is in normal form, and a version counts when its normal form is the same; default false. */
  readonly inNormalForm?: boolean;
}

export interface Match {
  readonly found: StoredVersion | undefined;
  /** The state that the answer is of: while it lasts, the answer is the same. */
  readonly seen: SeenState;
}

/** A match; `state`: where the subject stands when nothing in it is alike, as of the same moment. */
export interface MatchOrState extends Match {
  readonly state: RegistrationState | undefined;
}

/**
 * The version of a subject that a schema is: the same in every byte of its identity, else the newest that its format calls
 * equivalent. When the client said nothing about metadata and rules, those of the latest version are tried as well.
 */
export async function findMatch(
  db: Queryable,
  library: SchemaLibrary,
  subject: QualifiedSubject,
  wanted: Wanted,
): Promise<Match> {
  const { candidate } = wanted;
  const { versions, ...seen } = await findAlike(db, subject, candidate.likeness, candidate.references.length === 0);
  return { found: await matchIn(db, library, subject, versions, wanted), seen };
}

/** The same, and what a registration has to know where nothing is found. */
export async function findMatchOrState(
  db: Queryable,
  library: SchemaLibrary,
  subject: QualifiedSubject,
  wanted: Wanted,
): Promise<MatchOrState> {
  const { candidate } = wanted;
  const referring = candidate.references.length > 0;
  const { versions, state, ...seen } = await findOrState(db, subject, candidate.likeness, !referring);
  return { found: await matchIn(db, library, subject, versions, wanted), seen, state };
}

async function matchIn(
  db: Queryable,
  library: SchemaLibrary,
  subject: QualifiedSubject,
  versions: readonly AlikeVersion[],
  wanted: Wanted,
): Promise<StoredVersion | undefined> {
  const alike = versions.filter((version) => wanted.deleted || !version.deleted);
  if (alike.length === 0) return undefined;
  const found = await matchAmong(db, library, alike, wanted);
  if (found !== undefined || (wanted.metadata !== null && wanted.ruleSet !== null)) return found;
  const latest = await findLatestVersion(db, subject.context, subject.subject);
  const metadata = wanted.metadata ?? latest?.metadata ?? null;
  const ruleSet = wanted.ruleSet ?? latest?.ruleSet ?? null;
  if (metadata === wanted.metadata && ruleSet === wanted.ruleSet) return undefined;
  return matchAmong(db, library, alike, { ...wanted, metadata, ruleSet });
}

async function matchAmong(
  db: Queryable,
  library: SchemaLibrary,
  alike: readonly AlikeVersion[],
  { candidate, metadata, ruleSet, inNormalForm = false }: Wanted,
): Promise<StoredVersion | undefined> {
  const digest = fingerprint({ canonicalText: candidate.text, references: candidate.references, metadata, ruleSet });
  const exact = alike.filter(({ type, fingerprint }) => type === candidate.type && fingerprint.equals(digest));
  const best = exact.find((version) => !version.deleted) ?? exact[0];
  if (best !== undefined) return best;
  for (const version of alike) {
    if (version.type !== candidate.type || !sameAttributes(version, { metadata, ruleSet })) continue;
    const inlined = candidate.references.length === 0 && version.references.length > 0;
    const references = inNormalForm ? normalReferences(version.references) : version.references;
    if (!inlined && !sameReferences(references, candidate.references)) continue;
    const parsed = await library.parsed(db, version);
    const { format } = library.formats[candidate.type];
    if (format.equivalent(candidate.parsed, parsed)) return version;
    if (inNormalForm && format.equivalent(candidate.parsed, format.normalize(parsed))) return version;
  }
  return undefined;
}
