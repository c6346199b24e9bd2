import { checkVersion } from '../names/version-selector.ts';
import { DEFAULT_CONTEXT, parseSubject, printSubject, type QualifiedSubject } from '../names/qualified-subject.ts';
import { findSubject } from '../postgres/find-subject.sql.ts';
import { findVersionElsewhere } from '../postgres/find-version-elsewhere.sql.ts';
import { findLatestWithMetadata } from '../postgres/find-with-metadata.sql.ts';
import { findLatestVersion, findVersion } from '../postgres/find-version.sql.ts';
import { listReferrerIds } from '../postgres/list-referrers.sql.ts';
import { listSubjects } from '../postgres/list-subjects.sql.ts';
import { listVersionStates } from '../postgres/list-versions.sql.ts';
import { schemaNotFound, subjectNotFound, versionNotFound } from '../refusals.ts';
import type { DeletedFilter, Slice, SubjectName, SubjectVersion, VersionSelector } from '../registry.ts';
import type { RegistryParts } from '../registry-parts.ts';
import type { StoredVersion } from '../stored-schema.ts';
import { schemaTagsIn } from './find-tags.ts';
import { present } from './present.ts';
import { sliceOf } from './slice.ts';
import { parsePrefix } from './subject-prefix.ts';

/** Reads of subjects and their versions. */
export class SubjectReads {
  readonly #parts: RegistryParts;

  constructor(parts: RegistryParts) {
    this.#parts = parts;
  }

  listSubjects(query: { prefix: string; deleted: DeletedFilter } & Slice): Promise<string[]> {
    return listSubjects(this.#parts.database, parsePrefix(query.prefix), query.deleted, query);
  }

  async listVersions(
    name: SubjectName,
    query: { deleted: DeletedFilter; deletedAsNegative: boolean } & Slice,
  ): Promise<number[]> {
    const subject = await this.#resolve(name);
    const all = await listVersionStates(this.#parts.database, subject.context, subject.subject);
    const included = query.deletedAsNegative && query.deleted === 'exclude' ? 'include' : query.deleted;
    const shown = all.filter(({ deleted }) => included === 'include' || deleted === (included === 'only'));
    if (shown.length === 0) throw subjectNotFound(printSubject(subject));
    const numbers = shown.map(({ version, deleted }) => (query.deletedAsNegative && deleted ? -version : version));
    return sliceOf(numbers, query);
  }

  async getVersion(
    name: SubjectName,
    version: VersionSelector,
    query: { deleted: boolean; format: string; referenceFormat: string; findTags: readonly string[] },
  ): Promise<SubjectVersion> {
    const stored = await this.findStored(name, version, query.deleted);
    const { database, library } = this.#parts;
    const answer = present(stored, await library.textIn(database, stored, query.format), query.referenceFormat);
    if (query.findTags.length === 0) return answer;
    return {
      ...answer,
      schemaTags: schemaTagsIn(library.formats, stored, await library.parsed(database, stored), query.findTags),
    };
  }

  /** The latest version whose metadata has all the properties. */
  async getLatestWithMetadata(
    name: SubjectName,
    properties: Readonly<Record<string, string>>,
    query: { deleted: boolean; format: string },
  ): Promise<SubjectVersion> {
    const { database, library } = this.#parts;
    const subject = await this.#resolve(name);
    const stored = await findLatestWithMetadata(database, subject, properties, query.deleted);
    if (stored === undefined) throw await this.#whyNotFound(subject, query.deleted, undefined);
    return present(stored, await library.textIn(database, stored, query.format));
  }

  /** The ids of the schemas that refer to a version, ascending. Throws 40401, 40402, 42202. */
  async listReferencedBy(
    name: SubjectName,
    version: VersionSelector,
    query: { deleted: boolean } & Slice,
  ): Promise<number[]> {
    const target = await this.findStored(name, version, query.deleted);
    return sliceOf(await listReferrerIds(this.#parts.database, target, query.deleted), query);
  }

  /**
   * A version, deleted ones only when asked for; a name without a context falls through to the other contexts. Throws 40401,
   * 40402, 42202.
   */
  async findStored(name: SubjectName, version: VersionSelector, deleted: boolean): Promise<StoredVersion> {
    const wanted = checkVersion(version);
    const subject = await this.#resolve(name);
    const { database } = this.#parts;
    const number = wanted === 'latest' ? undefined : wanted;
    const here =
      number === undefined
        ? await findLatestVersion(database, subject.context, subject.subject)
        : await findVersion(database, subject.context, subject.subject, number);
    if (here !== undefined && (deleted || !here.deleted)) return here;
    if (subject.context === DEFAULT_CONTEXT && !name.startsWith(':.')) {
      const elsewhere = await findVersionElsewhere(database, subject.subject, number, deleted);
      if (elsewhere !== undefined) return elsewhere;
    }
    throw await this.#whyNotFound(subject, deleted, number ?? -1);
  }

  async #resolve(name: SubjectName): Promise<QualifiedSubject> {
    return (await this.#parts.resolve(parseSubject(name))).subject;
  }

  async #whyNotFound(subject: QualifiedSubject, deleted: boolean, version: number | undefined): Promise<Error> {
    const { exists, live } = await findSubject(this.#parts.database, subject.context, subject.subject);
    const there = deleted ? exists : live;
    if (!there) return subjectNotFound(printSubject(subject));
    return version === undefined ? schemaNotFound() : versionNotFound(version);
  }
}
