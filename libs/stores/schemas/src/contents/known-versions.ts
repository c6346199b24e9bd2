import type { Queryable } from '#libs/foundation/postgres';
import { ByteBoundedCache } from '#libs/foundation/caching';
import { printSubject, type QualifiedSubject } from '../names/qualified-subject.ts';
import { liveVersions } from '../postgres/page-live-versions.sql.ts';
import type { SeenState } from '../postgres/register-version.sql.ts';
import { type StoredVersion, weightOf } from '../stored-schema.ts';

/** The versions of a subject in a state, newest first. */
interface Known {
  readonly seen: SeenState;
  readonly versions: readonly StoredVersion[];
  readonly bytes: number;
}

/**
 * The live versions of subjects, kept for comparisons within a bound of bytes. An answer from here is that of the state asked
 * for: while the revision lasts, a subject only gets newer versions, except in import mode, in which nobody may ask here.
 */
export class KnownVersions {
  readonly #bytesMax: number;
  readonly #known: ByteBoundedCache<Known>;

  constructor(bytesMax: number) {
    // One subject may take a part only, so that it does not empty the rest.
    this.#bytesMax = bytesMax / 2;
    this.#known = new ByteBoundedCache(bytesMax);
  }

  forget(): void {
    this.#known.clear();
  }

  /**
   * The live versions in a state that was just seen, newest first and page by page: those that are not known are read. They are
   * known afterwards if they are asked for to the end.
   */
  async *in(db: Queryable, subject: QualifiedSubject, seen: SeenState): AsyncGenerator<readonly StoredVersion[], void> {
    const key = printSubject(subject);
    const found = this.#known.get(key);
    const known = found?.seen.revision === seen.revision && found.seen.last <= seen.last ? found : undefined;
    if (known?.seen.last === seen.last) {
      if (known.versions.length > 0) yield known.versions;
      return;
    }
    const versions: StoredVersion[] = [];
    let bytes = known?.bytes ?? 2 * key.length;
    const after = known?.seen.last ?? 0;
    for await (const page of liveVersions(db, subject.context, subject.subject, { after, before: seen.last + 1 })) {
      bytes += page.reduce((sum, each) => sum + weightOf(each), 0);
      if (bytes <= this.#bytesMax) versions.push(...page);
      yield page;
    }
    const older = known?.versions ?? [];
    if (older.length > 0) yield older;
    if (bytes <= this.#bytesMax) this.#known.set(key, { seen, versions: [...versions, ...older], bytes }, bytes);
  }
}
