import type { Queryable } from '#libs/foundation/postgres';
import { printSubject, type QualifiedSubject } from '../names/qualified-subject.ts';
import { removeConfig, writeConfig } from '../postgres/change-settings.sql.ts';
import { configNotFound, invalidSubject, subjectNotFound } from '../refusals.ts';
import type { ChangeAuthor, ConfigChange, ConfigRecord, SubjectName } from '../registry.ts';
import type { RecordChange, RegistryParts } from '../registry-parts.ts';
import { changedConfig, checkConfigChange, sameConfig } from './change-config.ts';
import { holdScope, isGlobalPlace, scopePlace } from './hold-scope.ts';
import { readSettings } from './read-settings.ts';
import { ownLevel } from './scope.ts';
import { checkWritable } from './write-permission.ts';

/** Config of subjects, contexts and everything. */
export class ConfigSettings {
  readonly #parts: RegistryParts;

  constructor(parts: RegistryParts) {
    this.#parts = parts;
  }

  /** What is set for exactly this place, or what applies to it. The default context always answers what applies. Throws 40408. */
  async get(name: SubjectName | undefined, { defaultToGlobal }: { defaultToGlobal: boolean }): Promise<ConfigRecord> {
    const place = scopePlace(name);
    const { config, scope } = await readSettings(this.#parts.database, place, this.#parts.defaults);
    if (defaultToGlobal || isGlobalPlace(place)) return config;
    const own = ownLevel(place, scope).config;
    if (own === undefined) throw configNotFound(printSubject(place));
    return own;
  }

  /** The config afterwards. Throws 42203, 42205, 42208, 42210. */
  async put(name: SubjectName | undefined, change: ConfigChange, by: ChangeAuthor): Promise<ConfigRecord> {
    const place = scopePlace(name);
    return this.#parts.change(async (tx, record) => {
      await holdScope(tx, place);
      return (await this.#write(tx, record, place, change, by)).after;
    });
  }

  /** The same in the transaction of a larger change, which holds the scope. Undefined, and no trace, when it changes nothing. */
  async putIn(
    tx: Queryable,
    record: RecordChange,
    name: SubjectName | undefined,
    change: ConfigChange,
    by: ChangeAuthor,
  ): Promise<{ readonly before: ConfigRecord; readonly after: ConfigRecord } | undefined> {
    const place = scopePlace(name);
    const { scope } = await readSettings(tx, place, this.#parts.defaults);
    const before = ownLevel(place, scope).config ?? {};
    if (sameConfig(before, changedConfig(before, checkConfigChange(change)))) return undefined;
    return this.#write(tx, record, place, change, by);
  }

  async #write(
    tx: Queryable,
    record: RecordChange,
    place: QualifiedSubject,
    change: ConfigChange,
    by: ChangeAuthor,
  ): Promise<{ readonly before: ConfigRecord; readonly after: ConfigRecord }> {
    const checked = checkConfigChange(change);
    if (checked.alias?.includes('\0')) throw invalidSubject(checked.alias);
    const { scope, mode } = await readSettings(tx, place, this.#parts.defaults);
    checkWritable(place, mode);
    const before = ownLevel(place, scope).config ?? {};
    const after = changedConfig(before, checked);
    if (Object.keys(after).length === 0) await removeConfig(tx, place);
    else await writeConfig(tx, place, after);
    await record({ action: 'config.update', target: printSubject(place), detail: { config: after } }, by);
    return { before, after };
  }

  /** The config that was there; of the default context, what applied. Throws 40401 where nothing is set, 42205. */
  async delete(name: SubjectName | undefined, by: ChangeAuthor): Promise<ConfigRecord> {
    const place = scopePlace(name);
    return this.#parts.change(async (tx, record) => {
      await holdScope(tx, place);
      const { scope, mode, config } = await readSettings(tx, place, this.#parts.defaults);
      checkWritable(place, mode);
      const before = ownLevel(place, scope).config;
      if (before === undefined && !isGlobalPlace(place)) throw subjectNotFound(printSubject(place));
      await removeConfig(tx, place);
      await record({ action: 'config.delete', target: printSubject(place), detail: { config: before ?? {} } }, by);
      return before ?? config;
    });
  }
}
