import { DEFAULT_CONTEXT } from './names/qualified-subject.ts';
import { findContextId, hasVersions, unlistContext } from './postgres/contexts.sql.ts';
import { listContextNames } from './postgres/ordinary-reads.ts';
import { lockContext } from './postgres/locks.sql.ts';
import { sliceOf } from './reading/slice.ts';
import { contextNotEmpty } from './refusals.ts';
import type { ChangeAuthor, Slice } from './registry.ts';
import type { RegistryParts } from './registry-parts.ts';

/** The contexts that something was registered in, the default one first; deleted ones not. */
export async function listContexts(
  { source }: Pick<RegistryParts, 'source'>,
  query: { prefix: string } & Slice,
): Promise<string[]> {
  return sliceOf(await listContextNames(source, query.prefix), query);
}

/**
 * Takes an empty context out of the listing, with its settings; one that is not there stays away. Its ids are not given again.
 * Throws 42211 while it has versions, soft-deleted ones included.
 */
export function deleteContext(
  { change }: Pick<RegistryParts, 'change'>,
  name: string,
  by: ChangeAuthor,
): Promise<void> {
  const context = name.startsWith('.') ? name : `${DEFAULT_CONTEXT}${name}`;
  return change(async (tx, record) => {
    const id = await findContextId(tx, context);
    if (id === undefined) return;
    await lockContext(tx, id);
    if (await hasVersions(tx, id)) throw contextNotEmpty(context);
    await unlistContext(tx, id);
    await record({ action: 'context.delete', target: `:${context}:`, detail: {} }, by);
  });
}
