import type { Queryable } from '#libs/foundation/postgres';
import {
  DEFAULT_CONTEXT,
  GLOBAL_CONTEXT,
  isValidSubject,
  parseSubject,
  type QualifiedSubject,
} from '../names/qualified-subject.ts';
import { findContextId, listContextIds } from '../postgres/contexts.sql.ts';
import { lockContext, lockSubjects } from '../postgres/locks.sql.ts';
import { invalidSubject } from '../refusals.ts';
import type { SubjectName } from '../registry.ts';

/** The place that settings are of: a subject, a context, or everything; undefined means the default context. */
export function scopePlace(name: SubjectName | undefined): QualifiedSubject {
  if (name === undefined) return { context: DEFAULT_CONTEXT, subject: '' };
  const place = parseSubject(name);
  const everything = place.context === GLOBAL_CONTEXT && place.subject === '';
  if (!everything && !isValidSubject(place)) throw invalidSubject(name);
  return place;
}

/** Whether the place is the default context, whose settings are the global ones: they always have an answer. */
export function isGlobalPlace({ context, subject }: QualifiedSubject): boolean {
  return context === DEFAULT_CONTEXT && subject === '';
}

/**
 * Keeps everything that the settings apply to from being changed until the transaction ends, and returns the ids of the
 * contexts concerned. Settings of what does not exist yet need nobody to wait.
 */
export async function holdScope(tx: Queryable, { context, subject }: QualifiedSubject): Promise<number[]> {
  if (context === GLOBAL_CONTEXT) {
    const all = await listContextIds(tx);
    for (const id of all) await lockContext(tx, id);
    return all;
  }
  const id = await findContextId(tx, context);
  if (id === undefined) return [];
  if (subject === '') await lockContext(tx, id);
  else await lockSubjects(tx, id, [{ contextId: id, subject, exclusive: true }]);
  return [id];
}
