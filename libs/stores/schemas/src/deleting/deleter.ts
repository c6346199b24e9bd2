import type { Queryable } from '#libs/foundation/postgres';
import { parseSubject, printSubject, type QualifiedSubject } from '../names/qualified-subject.ts';
import { checkVersion } from '../names/version-selector.ts';
import { removeConfig, removeMode } from '../postgres/change-settings.sql.ts';
import { findContextId } from '../postgres/contexts.sql.ts';
import { lockSchemas, removeUnusedSchemas, removeVersions, softDelete } from '../postgres/delete-versions.sql.ts';
import { findReferredVersions } from '../postgres/list-referrers.sql.ts';
import { listVersionStates, type VersionState } from '../postgres/list-versions.sql.ts';
import { lockSubjects } from '../postgres/locks.sql.ts';
import { bumpRevision, ensureChangesTopic, recordChange } from '../postgres/record-change.sql.ts';
import { requireReadCommitted } from '../postgres/require-read-committed.sql.ts';
import { associationsExist, noActiveVersion, referenceExists, subjectNotFound } from '../refusals.ts';
import type { ChangeAuthor, SubjectName, VersionSelector } from '../registry.ts';
import type { RecordChange, RegistryParts } from '../registry-parts.ts';
import { readSettings, withoutAliasOf } from '../settings/read-settings.ts';
import { checkWritable } from '../settings/write-permission.ts';
import { versionsOfSubjectToDelete, versionToDelete } from './delete-rules.ts';

/** A subject that this transaction has locked. */
interface Held {
  readonly tx: Queryable;
  readonly contextId: number;
  readonly subject: QualifiedSubject;
  readonly versions: readonly VersionState[];
}

/** Soft and permanent deletes, each one transaction. */
export class Deleter {
  readonly #parts: RegistryParts;

  constructor(parts: RegistryParts) {
    this.#parts = parts;
  }

  /** The versions that were deleted, ascending. References between versions of the subject do not keep it. */
  async deleteSubject(name: SubjectName, options: { permanent: boolean }, by: ChangeAuthor): Promise<number[]> {
    return this.#parts.change((tx, record) => this.deleteSubjectAs(tx, record, name, options, by));
  }

  /** The same in an open READ COMMITTED transaction of the caller's. Other processes notice it after its commit. */
  async deleteSubjectIn(
    tx: Queryable,
    name: SubjectName,
    options: { permanent: boolean },
    by: ChangeAuthor,
  ): Promise<number[]> {
    await requireReadCommitted(tx);
    await ensureChangesTopic(tx);
    const record: RecordChange = (change, by) => recordChange(tx, change, by);
    const versions = await this.deleteSubjectAs(tx, record, name, options, by);
    await bumpRevision(tx);
    return versions;
  }

  /** The version that was deleted. */
  async deleteVersion(
    name: SubjectName,
    version: VersionSelector,
    { permanent }: { permanent: boolean },
    by: ChangeAuthor,
  ): Promise<number> {
    const wanted = checkVersion(version);
    return this.#parts.change(async (tx, record) => {
      const held = await this.#hold(tx, name);
      const subject = printSubject(held.subject);
      const number = versionToDelete(subject, held.versions, wanted, permanent);
      const live = held.versions.filter(({ deleted }) => !deleted);
      if (!permanent && live.length === 1) {
        const { context, subject: unqualified } = held.subject;
        if (await this.#parts.associations.hasAssociations(tx, context, unqualified)) throw noActiveVersion(subject);
      }
      await refuseReferred(held, [number], { permanent, own: true });
      await remove(held, [number], permanent);
      await record({ action: 'version.delete', target: subject, detail: { permanent, version: number } }, by);
      return number;
    });
  }

  /** As a part of a change. */
  async deleteSubjectAs(
    tx: Queryable,
    record: RecordChange,
    name: SubjectName,
    { permanent }: { permanent: boolean },
    by: ChangeAuthor,
  ): Promise<number[]> {
    const held = await this.#hold(tx, name);
    const subject = printSubject(held.subject);
    const versions = versionsOfSubjectToDelete(subject, held.versions, permanent);
    if (await this.#parts.associations.hasAssociations(tx, held.subject.context, held.subject.subject)) {
      throw associationsExist(subject);
    }
    await refuseReferred(held, versions, { permanent, own: false });
    await remove(held, versions, permanent);
    await record({ action: 'subject.delete', target: subject, detail: { permanent, versions } }, by);
    return versions;
  }

  /** Locks the subject that a name stands for. Throws 40401, 42205. */
  async #hold(tx: Queryable, name: SubjectName): Promise<Held> {
    const { defaults } = this.#parts;
    const named = parseSubject(name);
    const subject = withoutAliasOf(named, await readSettings(tx, named, defaults));
    const contextId = await findContextId(tx, subject.context);
    if (contextId === undefined) throw subjectNotFound(printSubject(subject));
    await lockSubjects(tx, contextId, [{ contextId, subject: subject.subject, exclusive: true }]);
    const versions = await listVersionStates(tx, subject.context, subject.subject);
    if (versions.length === 0) throw subjectNotFound(printSubject(subject));
    checkWritable(subject, (await readSettings(tx, subject, defaults)).mode);
    return { tx, contextId, subject, versions };
  }
}

/** Throws 42206 where other schemas refer to one of the versions: live ones, or for a permanent delete any. */
async function refuseReferred(
  { tx, contextId, subject }: Held,
  versions: readonly number[],
  { permanent, own }: { permanent: boolean; own: boolean },
): Promise<void> {
  const target = { contextId, subject: subject.subject, versions };
  const referred = await findReferredVersions(tx, target, { deleted: permanent, own });
  if (referred === undefined) return;
  throw referenceExists(printSubject(subject), permanent ? referred.highest : referred.lowest);
}

/** Its settings go with the last version of a subject. */
async function remove(held: Held, versions: readonly number[], permanent: boolean): Promise<void> {
  const { tx, contextId, subject } = held;
  if (!permanent) return softDelete(tx, contextId, subject.subject, versions);
  await removeForGood(tx, contextId, subject.subject, versions);
  if (versions.length < held.versions.length) return;
  await removeConfig(tx, subject);
  await removeMode(tx, subject);
}

/** Removes versions, and the schemas that nothing else uses. */
export async function removeForGood(
  tx: Queryable,
  contextId: number,
  subject: string,
  versions: readonly number[],
): Promise<void> {
  const ids = await removeVersions(tx, contextId, subject, versions);
  await lockSchemas(tx, contextId, ids);
  await removeUnusedSchemas(tx, contextId, ids);
}
