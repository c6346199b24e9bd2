import type { Queryable } from '#libs/foundation/postgres';
import { DEFAULT_CONTEXT, GLOBAL_CONTEXT, isValidSubject, parseSubject } from '../names/qualified-subject.ts';
import { listContextIds, requireContext } from '../postgres/contexts.sql.ts';
import { lockContext, lockSubjects, shareContext, type SubjectLock } from '../postgres/locks.sql.ts';
import { invalidSubject } from '../refusals.ts';
import type { PlanRequest } from './plan.ts';

/**
 * Takes all locks that a plan needs at once and in the order of all changes (contexts, then subjects by key), so that plans,
 * registrations and changes of settings cannot wait for one another in a circle. Makes contexts that are missing.
 * Throws 42208.
 */
export async function lockPlan(tx: Queryable, plan: PlanRequest): Promise<void> {
  const settings = plan.configs.map(({ subject }) => parseSubject(subject));
  const changed = plan.items.map(({ subject }) => parseSubject(subject));
  const used = plan.items.flatMap(({ subject, references }) =>
    (references ?? []).map((reference) => parseSubject(reference.subject, parseSubject(subject).context)),
  );
  const everything = settings.some(({ context }) => context === GLOBAL_CONTEXT);
  const places = [...changed, ...settings.filter(({ context }) => context !== GLOBAL_CONTEXT)];
  for (const [index, place] of places.entries()) {
    if (!isValidSubject(place)) throw invalidSubject(plan.items[index]?.subject ?? place.subject);
  }
  const names = new Set([DEFAULT_CONTEXT, ...places.map(({ context }) => context)]);
  const ids = new Map<string, number>();
  for (const name of [...names].sort()) ids.set(name, await requireContext(tx, name));
  const whole = new Set(settings.filter(({ subject }) => subject === '').map(({ context }) => ids.get(context)));
  const contexts = everything ? await listContextIds(tx) : [...ids.values()].sort((a, b) => a - b);
  for (const id of contexts) await (everything || whole.has(id) ? lockContext(tx, id) : shareContext(tx, id));
  const exclusive = [...changed, ...settings.filter(({ subject }) => subject !== '')];
  const lock = (places: typeof used, exclusive: boolean): SubjectLock[] =>
    places.flatMap(({ context, subject }) => {
      const contextId = ids.get(context);
      return contextId === undefined ? [] : [{ contextId, subject, exclusive }];
    });
  await lockSubjects(tx, ids.get(DEFAULT_CONTEXT)!, [...lock(exclusive, true), ...lock(used, false)]);
}
