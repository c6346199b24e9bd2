import { DEFAULT_CONTEXT, parseSubject, printSubject } from '../names/qualified-subject.ts';
import { findById } from '../postgres/find-by-id.sql.ts';
import { listContextsOfSubject } from '../postgres/find-alike.sql.ts';
import { listVersionsOfId, type VersionOfId } from '../postgres/ordinary-reads.ts';
import { schemaNotFound } from '../refusals.ts';
import type { Slice } from '../registry.ts';
import type { RegistryParts } from '../registry-parts.ts';
import { sliceOf } from './slice.ts';

/**
 * The subjects that use an id, each with its newest version that does. A subject given narrows to it, or chooses a context;
 * without a context it falls through to the other ones. Throws 40403 for an id that nothing has.
 */
export async function listUses(
  { database, source }: RegistryParts,
  id: number,
  query: { subject: string; deleted: boolean } & Slice,
): Promise<VersionOfId[]> {
  const { context, subject } = parseSubject(query.subject);
  const within = async (context: string): Promise<VersionOfId[] | undefined> => {
    const uses = await listVersionsOfId(source, { context, id, subject }, query.deleted);
    return uses.length === 0 ? undefined : uses.map((use) => ({ ...use, subject: printSubject({ ...use, context }) }));
  };
  const here = await within(context);
  if (here !== undefined) return sliceOf(here, query);
  if (subject !== '' && context === DEFAULT_CONTEXT) {
    for (const other of await listContextsOfSubject(database, subject)) {
      const there = await within(other);
      if (there !== undefined) return sliceOf(there, query);
    }
  }
  if ((await findById(database, context, id, '')) === undefined) throw schemaNotFound(id);
  return [];
}
