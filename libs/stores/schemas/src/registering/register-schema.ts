import type { Candidate } from '../contents/candidate.ts';
import { checkRulesRun } from '../contents/check-rules-run.ts';
import { missingReference } from '../contents/reference-closure.ts';
import { parseSubject } from '../names/qualified-subject.ts';
import { requireContext } from '../postgres/contexts.sql.ts';
import { findTargets } from '../postgres/find-targets.sql.ts';
import { readRegistrationState, type RegistrationState } from '../postgres/read-registration-state.sql.ts';
import { invalidSchema } from '../refusals.ts';
import type { ChangePlace, RegistryParts } from '../registry-parts.ts';
import { settingsOf } from '../settings/read-settings.ts';
import { checkRegistrable } from '../settings/write-permission.ts';
import type { StoredVersion } from '../stored-schema.ts';
import { textWithTags, textWithTagsOf } from '../tagging/text-with-tags.ts';
import { concreteReferences } from './concrete-references.ts';
import { findMatch } from './find-match.ts';
import { inheritAttributes } from './inherit-attributes.ts';
import { lockForRegistration, type LockedSubject } from './lock-for-registration.ts';
import type { Chosen, Registration, Source } from './registration.ts';
import { requireCompatible } from './require-compatible.ts';
import { validateCandidate } from './validate-candidate.ts';
import { writeVersion } from './write-version.ts';

/**
 * Registers a schema in an open transaction, from its locks to its message, or finds that it is there already. Takes the
 * subject's lock until the transaction ends. Order: lock, mode, inheritance, parsing, deduplication, validation,
 * compatibility, version, write. Throws what the registry throws; the transaction has to be rolled back then.
 */
export async function registerSchema(
  parts: RegistryParts,
  place: ChangePlace,
  registration: Registration,
): Promise<StoredVersion> {
  const chosen = await choose(parts, place, registration);
  if (!chosen.importing) {
    const same = await sameVersion(place, chosen);
    if (same !== undefined) return same;
    await requireAcceptable(place, chosen);
  }
  return writeVersion(place, chosen);
}

/** Throws what a registry answers to a schema that the config forbids, or that may not follow the versions before it. */
export async function requireAcceptable(place: ChangePlace, chosen: Chosen): Promise<void> {
  validateCandidate(place.library.formats, chosen.candidate, chosen.settings.config);
  validateRules(chosen);
  if (!chosen.options.force) await requireCompatible(place, chosen);
}

/** Rules are checked for their form whatever the config says; what they are to run only where it says so. */
function validateRules({ request, state, settings: { config } }: Chosen): void {
  if (config.validateRules === true) checkRulesRun(inheritAttributes(request, state.latest, config).ruleSet);
}

async function choose(parts: RegistryParts, place: ChangePlace, registration: Registration): Promise<Chosen> {
  const { tx } = place;
  const { subject, request, options } = registration;
  const references = await concreteReferences(tx, subject.context, request.references);
  const taken = await lockForRegistration(tx, subject, references, parts.associations);
  // The lock is of a context that is there.
  const state = (await readRegistrationState(tx, subject))!;
  parts.watch.seen(state.revision);
  if (!state.listed) await requireContext(tx, subject.context);
  const settings = settingsOf(subject, state, parts.defaults);
  const importing = settings.mode === 'IMPORT';
  checkRegistrable(subject, settings.mode, request.id);
  if (!importing && taken.deletedTarget !== undefined) {
    throw missingReference(taken.deletedTarget.subject, taken.deletedTarget.version);
  }
  const { source, locked } = await withText(place, taken, state, {
    ...registration,
    request: { ...request, references },
  });
  const normalize = !importing && (options.normalize || settings.config.normalize === true);
  const candidate = await tagged(place, subject.context, source, state.latest, normalize);
  return { ...registration, request: source, candidate, locked, settings, state, importing };
}

/**
 * The request with its own text, or with that of the latest version and what it refers to; that is safe from deletion, because
 * the latest version refers to it and the subject is locked.
 */
async function withText(
  { tx }: ChangePlace,
  locked: LockedSubject,
  { latest }: RegistrationState,
  { subject, request }: Registration,
): Promise<{ source: Source; locked: LockedSubject }> {
  if (request.text !== undefined) return { source: { ...request, text: request.text }, locked };
  if (latest === undefined) throw invalidSchema('Empty schema');
  const places = latest.references.map((reference) => ({
    ...parseSubject(reference.subject, subject.context),
    version: reference.version,
  }));
  const targets = places.length === 0 ? [] : await findTargets(tx, places);
  const { type, text, references } = latest;
  return { source: { ...request, type, text, references }, locked: { ...locked, targets } };
}

/** The schema as it is to be stored: with the tags that the request adds, removes or takes over. */
async function tagged(
  { tx, library }: ChangePlace,
  context: string,
  { type, text, references, tagsToAdd, tagsToRemove, propagateTags }: Source,
  latest: StoredVersion | undefined,
  normalize: boolean,
): Promise<Candidate> {
  const read = (text: string) => library.candidate(tx, context, { type, text, references, normalize });
  let candidate = await read(text);
  if (propagateTags && latest?.type === type) {
    const earlier = await library.parsed(tx, latest);
    candidate = await read(textWithTagsOf(library.formats, type, candidate.parsed, earlier) ?? candidate.text);
  }
  if (tagsToAdd.length === 0 && tagsToRemove.length === 0) return candidate;
  return read(textWithTags(library.formats, type, candidate.parsed, tagsToAdd, tagsToRemove));
}

/** A live version that the subject has already with exactly this identity, when the request asks for nothing else. */
async function sameVersion({ tx, library }: ChangePlace, chosen: Chosen): Promise<StoredVersion | undefined> {
  const { request, candidate, subject, state, settings, missedIn } = chosen;
  if (request.version === -1) return undefined;
  if (missedIn !== undefined && missedIn.revision === state.revision && missedIn.last === state.last) return undefined;
  const attributes = inheritAttributes(request, state.latest, settings.config);
  const { found: match } = await findMatch(tx, library, subject, { candidate, ...attributes, deleted: false });
  if (match === undefined) return undefined;
  return request.version === undefined || request.version === match.version ? match : undefined;
}
