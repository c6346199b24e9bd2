import type { Queryable } from '#libs/foundation/postgres';
import type { SchemaReference } from '#libs/formats/schema';
import type { AssociationGuard } from '../deleting/association-guard.ts';
import { missingReference } from '../contents/reference-closure.ts';
import { parseSubject, printSubject, type QualifiedSubject } from '../names/qualified-subject.ts';
import { requireContext } from '../postgres/contexts.sql.ts';
import { findTargets } from '../postgres/find-targets.sql.ts';
import type { ReferenceTarget } from '../postgres/insert-schema.sql.ts';
import { lockSubject, lockSubjects, type SubjectLock } from '../postgres/locks.sql.ts';
import { notPermitted } from '../refusals.ts';

export interface LockedSubject {
  readonly contextId: number;
  /** What the references point at, all there; in the order of the references. */
  readonly targets: readonly ReferenceTarget[];
  /** The first reference to a soft-deleted version, which only an import may use. */
  readonly deletedTarget: SchemaReference | undefined;
}

/**
 * Gives this transaction the subject, and keeps what the new schema refers to from being deleted until it ends. Waits for
 * those who change them. Throws 42201 for a reference to what is not there; 42205 for one to a subject with a STRONG
 * association.
 */
export async function lockForRegistration(
  tx: Queryable,
  subject: QualifiedSubject,
  references: readonly SchemaReference[],
  associations: AssociationGuard,
): Promise<LockedSubject> {
  if (references.length === 0) {
    const contextId = await lockSubject(tx, subject.context, subject.subject);
    if (contextId !== undefined) return { contextId, targets: [], deletedTarget: undefined };
  }
  const contextId = await requireContext(tx, subject.context);
  const own: SubjectLock = { contextId, subject: subject.subject, exclusive: true };
  const places = references.map((reference) => ({
    ...parseSubject(reference.subject, subject.context),
    version: reference.version,
  }));
  const seen = await findTargets(tx, places);
  await lockSubjects(tx, contextId, [own, ...seen.map((target) => ({ ...target, exclusive: false }))]);
  // Only what is read under the locks counts.
  const targets = await findTargets(tx, places);
  for (const [index, { live }] of targets.entries()) {
    const reference = references[index]!;
    if (live === undefined) throw missingReference(reference.subject, reference.version);
  }
  for (const place of places) {
    if (await associations.hasStrongAssociation(tx, place.context, place.subject)) {
      throw notPermitted(`Subject ${printSubject(place)} has a STRONG association and cannot be referred to`);
    }
  }
  return { contextId, targets, deletedTarget: references[targets.findIndex((target) => target.live === false)] };
}
