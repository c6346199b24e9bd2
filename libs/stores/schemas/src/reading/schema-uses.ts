import { DEFAULT_CONTEXT, parseSubject, printSubject, type QualifiedSubject } from '../names/qualified-subject.ts';
import { findById, findByIdElsewhere } from '../postgres/find-by-id.sql.ts';
import { listVersionsOfId, type VersionOfId } from '../postgres/ordinary-reads.ts';
import { schemaNotFound } from '../refusals.ts';
import type { Slice } from '../registry.ts';
import type { RegistryParts } from '../registry-parts.ts';
import { sliceOf } from './slice.ts';

/**
 * All subjects of a context that use an id, each with its newest version that does. A subject given says which context; it
 * does not leave out the others. Throws 40403 for an id that the context does not have.
 */
export async function listUses(
  parts: RegistryParts,
  id: number,
  query: { subject: string; deleted: boolean } & Slice,
): Promise<VersionOfId[]> {
  const context = await contextOf(parts, id, parseSubject(query.subject));
  const uses = await listVersionsOfId(parts.source, { context, id }, query.deleted);
  if (uses.length === 0 && (await findById(parts.database, context, id, '')) === undefined) throw schemaNotFound(id);
  return sliceOf(
    uses.map((use) => ({ ...use, subject: printSubject({ ...use, context }) })),
    query,
  );
}

/** Where a subject has the id: a name without a context falls through to the other ones, if they have it and its own does not. */
async function contextOf(
  { database }: RegistryParts,
  id: number,
  { context, subject }: QualifiedSubject,
): Promise<string> {
  if (subject === '' || context !== DEFAULT_CONTEXT) return context;
  const here = await findById(database, context, id, subject);
  if (here?.subject === subject) return context;
  return (await findByIdElsewhere(database, id, subject))?.context ?? context;
}
