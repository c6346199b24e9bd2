import type { Database } from '#libs/foundation/postgres';
import { ByteBoundedCache } from '#libs/foundation/caching';
import { printSubject, type QualifiedSubject } from '../names/qualified-subject.ts';
import { readSettings, type Settings, withoutAliasOf } from './read-settings.ts';
import type { ServerDefaults } from './scope.ts';

/** Settings of subjects for reads, as fresh as the revision watch lets them be. Writes read theirs under their locks. */
export class SettingsCache {
  readonly #database: Database;
  readonly #defaults: ServerDefaults;
  readonly #settings: ByteBoundedCache<Settings>;
  #generation = 0;

  constructor(database: Database, defaults: ServerDefaults, bytesMax: number) {
    this.#database = database;
    this.#defaults = defaults;
    this.#settings = new ByteBoundedCache(bytesMax);
  }

  forget(): void {
    this.#generation++;
    this.#settings.clear();
  }

  async of(subject: QualifiedSubject): Promise<Settings> {
    const key = printSubject(subject);
    const known = this.#settings.get(key);
    if (known !== undefined) return known;
    const generation = this.#generation;
    const settings = await readSettings(this.#database, subject, this.#defaults);
    if (generation === this.#generation) {
      this.#settings.set(key, settings, 400 + 2 * key.length + 4 * JSON.stringify(settings.scope).length);
    }
    return settings;
  }

  /** The subject that a name stands for, with its settings. */
  async resolve(subject: QualifiedSubject): Promise<{ subject: QualifiedSubject; settings: Settings }> {
    const settings = await this.of(subject);
    const target = withoutAliasOf(subject, settings);
    return target === subject ? { subject, settings } : { subject: target, settings: await this.of(target) };
  }
}
