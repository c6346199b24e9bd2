import { ByteBoundedCache } from '#libs/foundation/caching';
import { DEFAULT_CONTEXT, parseSubject } from '../names/qualified-subject.ts';
import { findByGuid } from '../postgres/find-by-guid.sql.ts';
import { findById, findByIdElsewhere } from '../postgres/find-by-id.sql.ts';
import { findMaxId, listIdsOfGuid } from '../postgres/ordinary-reads.ts';
import { schemaNotFound } from '../refusals.ts';
import type { SchemaById } from '../registry.ts';
import type { RegistryParts } from '../registry-parts.ts';
import { type StoredVersion, weightOf } from '../stored-schema.ts';
import { schemaTagsIn } from './find-tags.ts';
import { present } from './present.ts';

const GUID = /^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$/i;

/** Reads of schemas by id and guid. What rests under an id never changes, so it is kept in memory up to a bound of bytes. */
export class SchemaReads {
  readonly #parts: RegistryParts;
  readonly #byId: ByteBoundedCache<StoredVersion>;
  #generation = 0;

  constructor(parts: RegistryParts, bytesMax: number) {
    this.#parts = parts;
    this.#byId = new ByteBoundedCache(bytesMax);
  }

  forget(): void {
    this.#generation++;
    this.#byId.clear();
  }

  async getById(
    id: number,
    query: {
      subject: string | undefined;
      format: string;
      referenceFormat: string;
      findTags: readonly string[];
      fetchMaxId: boolean;
    },
  ): Promise<SchemaById> {
    const { database, library } = this.#parts;
    const stored = await this.#find(id, query.subject ?? '');
    const text = await library.textIn(database, stored, query.format);
    const { subject, version, ...rest } = present(stored, text, query.referenceFormat);
    return {
      ...rest,
      ...(query.subject === undefined ? {} : { subject, version }),
      ...(query.fetchMaxId ? { maxId: await findMaxId(this.#parts.source, stored.contextId) } : {}),
      ...(query.findTags.length === 0
        ? {}
        : {
            schemaTags: schemaTagsIn(library.formats, stored, await library.parsed(database, stored), query.findTags),
          }),
    };
  }

  async getByGuid(guid: string, query: { format: string }): Promise<SchemaById> {
    const { database, library } = this.#parts;
    const stored = GUID.test(guid) ? await findByGuid(database, guid) : undefined;
    if (stored === undefined) throw schemaNotFound(guid);
    const { subject: _, version: __, ...rest } = present(stored, await library.textIn(database, stored, query.format));
    return rest;
  }

  async listIdsOfGuid(guid: string): Promise<{ context: string; id: number }[]> {
    const ids = GUID.test(guid) ? await listIdsOfGuid(this.#parts.source, guid) : [];
    if (ids.length === 0) throw schemaNotFound(guid);
    return ids;
  }

  /**
   * The version to show for an id: one of the subject given, where that has it, in its context or, for a name without one, in
   * any other; else any of the context. Throws 40403.
   */
  async #find(id: number, name: string): Promise<StoredVersion> {
    const { watch, database } = this.#parts;
    if (!watch.isFresh()) await watch.refresh();
    const key = `${id}|${name}`;
    const known = this.#byId.get(key);
    if (known !== undefined) return known;
    const generation = this.#generation;
    if (!Number.isInteger(id) || id < 1 || id > 2_147_483_647) throw schemaNotFound(id);
    const { context, subject } = parseSubject(name);
    let found = await findById(database, context, id, subject);
    const qualified = name.startsWith(':.') && context !== DEFAULT_CONTEXT;
    if (!qualified && subject !== '' && found?.subject !== subject) {
      found = (await findByIdElsewhere(database, id, subject)) ?? found;
    }
    if (found === undefined) throw schemaNotFound(id);
    // A soft-deleted one may be registered again, which forgets nothing.
    if (generation === this.#generation && !found.deleted) this.#byId.set(key, found, weightOf(found) + 2 * key.length);
    return found;
  }
}
