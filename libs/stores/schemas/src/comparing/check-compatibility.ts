import { isValidSubject, parseSubject, printSubject, type QualifiedSubject } from '../names/qualified-subject.ts';
import { checkVersion } from '../names/version-selector.ts';
import { findVersion } from '../postgres/find-version.sql.ts';
import { liveVersions } from '../postgres/page-live-versions.sql.ts';
import { readSeen } from '../postgres/read-seen.sql.ts';
import { invalidSchema, invalidSubject, versionNotFound } from '../refusals.ts';
import { RegistryError } from '../registry-error.ts';
import { type CheckedRequest, checkRequest } from '../registering/check-request.ts';
import { concreteReferences } from '../registering/concrete-references.ts';
import { inheritAttributes } from '../registering/inherit-attributes.ts';
import { validateCandidate } from '../registering/validate-candidate.ts';
import type { CompatibilityVerdict, SchemaRequest, SubjectName, VersionSelector } from '../registry.ts';
import type { RegistryParts } from '../registry-parts.ts';
import type { Settings } from '../settings/read-settings.ts';
import type { StoredVersion } from '../stored-schema.ts';
import { compareWithEarlier, onePage } from './compare-earlier.ts';

export interface CompatibilityQuery {
  readonly normalize: boolean;
  readonly verbose: boolean;
}

/**
 * Whether a schema could be registered after a version, or after all live ones as the level decides; changes nothing. An
 * unknown subject goes together with everything unless a version is named. Throws 40402, 42202, 42208, and 42201 unless
 * the question is verbose: then the answer says what is wrong.
 */
export async function checkCompatibility(
  parts: RegistryParts,
  name: SubjectName,
  version: VersionSelector | undefined,
  request: SchemaRequest,
  query: CompatibilityQuery,
): Promise<CompatibilityVerdict> {
  const wanted = version === undefined ? undefined : checkVersion(version);
  const named = parseSubject(name);
  if (!isValidSubject(named)) throw invalidSubject(printSubject(named));
  const { subject, settings } = await parts.resolve(named);
  const { context } = subject;
  const compared =
    typeof wanted === 'number' ? await findVersion(parts.database, context, subject.subject, wanted) : undefined;
  if (typeof wanted === 'number' && (compared === undefined || compared.deleted)) throw versionNotFound(wanted);
  try {
    return await compare(parts, subject, settings, { wanted: wanted ?? 'all', compared }, checkRequest(request), query);
  } catch (error) {
    if (!query.verbose || !(error instanceof RegistryError) || error.errorCode !== 42_201) throw error;
    return { compatible: false, messages: [error.message], reasons: [] };
  }
}

async function compare(
  parts: RegistryParts,
  subject: QualifiedSubject,
  settings: Settings,
  { wanted, compared }: { wanted: number | 'latest' | 'all'; compared: StoredVersion | undefined },
  request: CheckedRequest,
  query: CompatibilityQuery,
): Promise<CompatibilityVerdict> {
  const { database, library } = parts;
  const { config } = settings;
  const { type, text } = request;
  if (text === undefined) throw invalidSchema('Empty schema');
  const references = await concreteReferences(database, subject.context, request.references);
  const normalize = query.normalize || config.normalize === true;
  const candidate = await library.candidate(database, subject.context, { type, text, references, normalize });
  const { latest, all } = await versionsOf(parts, subject, settings);
  const { metadata } = inheritAttributes(request, latest, config);
  validateCandidate(library.formats, candidate, config);
  const pages = wanted === 'all' ? all() : onePage(wanted === 'latest' ? latest : compared);
  return compareWithEarlier(database, library, { candidate, metadata, config }, pages);
}

/** The newest live version and all of them, from memory as far as they are there. */
async function versionsOf(
  { database, known }: RegistryParts,
  subject: QualifiedSubject,
  settings: Settings,
): Promise<{ latest: StoredVersion | undefined; all: () => AsyncIterable<readonly StoredVersion[]> }> {
  const seen = await readSeen(database, subject);
  const kept = settings.mode === 'IMPORT' || settings.revision !== seen.revision ? undefined : known;
  const all = (latest?: StoredVersion): AsyncIterable<readonly StoredVersion[]> =>
    kept?.in(database, subject, seen) ?? liveVersions(database, subject.context, subject.subject, { latest });
  for await (const [latest] of all()) return { latest, all: () => all(latest) };
  return { latest: undefined, all };
}
