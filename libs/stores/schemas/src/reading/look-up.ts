import {
  DEFAULT_CONTEXT,
  isValidSubject,
  parseSubject,
  printSubject,
  type QualifiedSubject,
} from '../names/qualified-subject.ts';
import { listContextsOfSubject } from '../postgres/find-alike.sql.ts';
import { findSubject } from '../postgres/find-subject.sql.ts';
import { invalidSchema, invalidSubject, schemaNotFound, subjectNotFound } from '../refusals.ts';
import { type CheckedRequest, checkRequest } from '../registering/check-request.ts';
import { concreteReferences } from '../registering/concrete-references.ts';
import { findMatch } from '../registering/find-match.ts';
import type { SchemaRequest, SubjectName, SubjectVersion } from '../registry.ts';
import { RegistryError } from '../registry-error.ts';
import type { RegistryParts } from '../registry-parts.ts';
import type { Settings } from '../settings/read-settings.ts';
import type { StoredVersion } from '../stored-schema.ts';
import { present } from './present.ts';

export interface LookUpQuery {
  readonly normalize: boolean;
  readonly format: string;
  readonly deleted: boolean;
}

/**
 * The version of a subject that a schema is registered as. A name without a context falls through to the other contexts.
 * Throws 40401, 40403, 42201, 42208.
 */
export async function lookUp(
  parts: RegistryParts,
  name: SubjectName,
  request: SchemaRequest,
  query: LookUpQuery,
): Promise<SubjectVersion> {
  const { database, library } = parts;
  const named = parseSubject(name);
  if (!isValidSubject(named)) throw invalidSubject(name);
  const checked = checkRequest(request);
  const { subject, settings } = await parts.resolve(named);
  const found =
    (await matchIn(parts, subject, settings, checked, query)) ??
    (subject.context === DEFAULT_CONTEXT && !name.startsWith(':.')
      ? await matchElsewhere(parts, subject, checked, query)
      : undefined);
  if (found !== undefined) return present(found, await library.textIn(database, found, query.format));
  const { exists, live } = await findSubject(database, subject.context, subject.subject);
  throw (query.deleted ? exists : live) ? schemaNotFound() : subjectNotFound(printSubject(subject));
}

async function matchIn(
  { database, library }: RegistryParts,
  subject: QualifiedSubject,
  { config }: Settings,
  request: CheckedRequest,
  { normalize, deleted }: LookUpQuery,
): Promise<StoredVersion | undefined> {
  const { text, type, metadata, ruleSet } = request;
  if (text === undefined) throw invalidSchema('Empty schema');
  const references = await concreteReferences(database, subject.context, request.references);
  const inNormalForm = normalize || config.normalize === true;
  const source = { type, text, references, normalize: inNormalForm };
  const candidate = await library.candidate(database, subject.context, source);
  return (await findMatch(database, library, subject, { candidate, metadata, ruleSet, deleted, inNormalForm })).found;
}

/** References mean the versions of the context that is looked in, so the schema is read anew in each. */
async function matchElsewhere(
  parts: RegistryParts,
  { subject }: QualifiedSubject,
  request: CheckedRequest,
  query: LookUpQuery,
): Promise<StoredVersion | undefined> {
  for (const context of await listContextsOfSubject(parts.database, subject)) {
    if (context === DEFAULT_CONTEXT) continue;
    const there = { context, subject };
    const { settings } = await parts.resolve(there);
    const found = await matchIn(parts, there, settings, request, query).catch(nothingIfUnreadable);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** What cannot be read with the references of another context is not the schema there. */
function nothingIfUnreadable(error: unknown): undefined {
  if (error instanceof RegistryError && error.errorCode === 42_201) return undefined;
  throw error;
}
