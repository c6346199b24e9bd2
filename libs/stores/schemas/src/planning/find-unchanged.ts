import type { Queryable } from '#libs/foundation/postgres';
import type { SchemaLibrary } from '../contents/schema-library.ts';
import type { QualifiedSubject } from '../names/qualified-subject.ts';
import { checkRequest } from '../registering/check-request.ts';
import { concreteReferences } from '../registering/concrete-references.ts';
import { findMatch } from '../registering/find-match.ts';
import type { SchemaRequest } from '../registry.ts';
import type { StoredVersion } from '../stored-schema.ts';

/**
 * The live version that a schema is already. Asked where the mode forbids registrations: what is there needs none. Throws 42201
 * for what is no schema.
 */
export async function findUnchanged(
  tx: Queryable,
  library: SchemaLibrary,
  subject: QualifiedSubject,
  request: SchemaRequest,
  normalize: boolean,
): Promise<StoredVersion | undefined> {
  const checked = checkRequest(request);
  const { type, text } = checked;
  if (text === undefined) return undefined;
  const references = await concreteReferences(tx, subject.context, checked.references);
  const candidate = await library.candidate(tx, subject.context, { type, text, references, normalize });
  return (await findMatch(tx, library, subject, { ...checked, candidate, deleted: false })).found;
}
