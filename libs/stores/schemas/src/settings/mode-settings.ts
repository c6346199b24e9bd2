import { GLOBAL_CONTEXT, printSubject, type QualifiedSubject } from '../names/qualified-subject.ts';
import { removeMode, removeModesOfSubjects, writeMode } from '../postgres/change-settings.sql.ts';
import { findLiveVersion, removeSoftDeleted } from '../postgres/clear-for-import.sql.ts';
import { invalidMode, modeNotFound, notPermitted, subjectNotFound } from '../refusals.ts';
import type { ChangeAuthor, Mode, SubjectName } from '../registry.ts';
import type { RegistryParts } from '../registry-parts.ts';
import { holdScope, isGlobalPlace, scopePlace } from './hold-scope.ts';
import { parseMode } from './parse-mode.ts';
import { readSettings } from './read-settings.ts';
import { ownLevel } from './scope.ts';
import type { Queryable } from '#libs/foundation/postgres';

/** Modes of subjects, contexts and everything. */
export class ModeSettings {
  readonly #parts: RegistryParts;

  constructor(parts: RegistryParts) {
    this.#parts = parts;
  }

  /** The mode of exactly this place, or the one that applies to it. The default context always answers. Throws 40409. */
  async get(name: SubjectName | undefined, { defaultToGlobal }: { defaultToGlobal: boolean }): Promise<Mode> {
    const place = scopePlace(name);
    const { mode, scope } = await readSettings(this.#parts.database, place, this.#parts.defaults);
    if (defaultToGlobal || isGlobalPlace(place)) return mode;
    const own = ownLevel(place, scope).mode;
    if (own === undefined) throw modeNotFound(printSubject(place));
    return own;
  }

  /**
   * Sets a mode. IMPORT needs a place without live versions, or `force`; soft-deleted ones are removed for good, because
   * their ids and versions may be imported. Throws 42204, 42205, 42208.
   */
  async put(
    name: SubjectName | undefined,
    text: string,
    { force }: { force: boolean },
    by: ChangeAuthor,
  ): Promise<Mode> {
    const place = scopePlace(name);
    const mode = parseMode(text);
    if (mode === undefined) throw invalidMode();
    this.#refuseImmutable();
    if (mode === 'FORWARD' && place.context !== GLOBAL_CONTEXT) {
      throw notPermitted('Forward mode only supported on global level');
    }
    return this.#parts.change(async (tx, record) => {
      const contextIds = await holdScope(tx, place);
      const { mode: before } = await readSettings(tx, place, this.#parts.defaults);
      if (mode === 'IMPORT' && before !== 'IMPORT') await clearForImport(tx, place, contextIds, force);
      await writeMode(tx, place, mode);
      await record({ action: 'mode.update', target: printSubject(place), detail: { mode } }, by);
      return mode;
    });
  }

  /** The mode that was there; `recursive` removes those of the context's subjects too. Throws 40401, 42205. */
  async delete(name: SubjectName | undefined, { recursive }: { recursive: boolean }, by: ChangeAuthor): Promise<Mode> {
    const place = scopePlace(name);
    this.#refuseImmutable();
    return this.#parts.change(async (tx, record) => {
      await holdScope(tx, place);
      const { scope, mode } = await readSettings(tx, place, this.#parts.defaults);
      const before = ownLevel(place, scope).mode;
      if (before === undefined && !isGlobalPlace(place) && !recursive) throw subjectNotFound(printSubject(place));
      await removeMode(tx, place);
      if (recursive && place.subject === '') await removeModesOfSubjects(tx, place.context);
      await record(
        { action: 'mode.delete', target: printSubject(place), detail: { mode: before ?? null, recursive } },
        by,
      );
      return before ?? mode;
    });
  }

  #refuseImmutable(): void {
    if (!this.#parts.modesMayChange) throw notPermitted('Mode changes are not allowed');
  }
}

async function clearForImport(
  tx: Queryable,
  { subject }: QualifiedSubject,
  contextIds: readonly number[],
  force: boolean,
): Promise<void> {
  const within = subject === '' ? null : subject;
  if (!force && (await findLiveVersion(tx, contextIds, within))) {
    throw notPermitted('Cannot import since found existing subjects');
  }
  await removeSoftDeleted(tx, contextIds, within);
}
