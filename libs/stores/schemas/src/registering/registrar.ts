import type { ChangesTopic } from '../changes-topic.ts';
import { parseSubject, isValidSubject, printSubject, type QualifiedSubject } from '../names/qualified-subject.ts';
import { ensureChangesTopic } from '../postgres/record-change.sql.ts';
import { requireReadCommitted } from '../postgres/require-read-committed.sql.ts';
import { invalidSubject } from '../refusals.ts';
import type { ChangeAuthor, RegisterOptions, SchemaRequest, SubjectName, SubjectVersion } from '../registry.ts';
import type { RegistryParts } from '../registry-parts.ts';
import type { SchemaLibrary } from '../contents/schema-library.ts';
import type { Queryable } from '#libs/foundation/postgres';
import { present } from '../reading/present.ts';
import { readSettings, type Settings, withoutAliasOf } from '../settings/read-settings.ts';
import { addsToSchemas } from '../settings/scope.ts';
import type { StoredVersion } from '../stored-schema.ts';
import { type CheckedRequest, checkRequest } from './check-request.ts';
import { concreteReferences } from './concrete-references.ts';
import { findMatch, type Match } from './find-match.ts';
import { registerSchema } from './register-schema.ts';

/** Settings that change again and again are read under the lock instead. */
const ATTEMPTS_MAX = 3;

/** Registration: without a lock for what is there already, else one transaction. */
export class Registrar {
  readonly #parts: RegistryParts;
  readonly #topic: ChangesTopic;

  constructor(parts: RegistryParts, topic: ChangesTopic) {
    this.#parts = parts;
    this.#topic = topic;
  }

  async register(
    name: SubjectName,
    request: SchemaRequest,
    options: RegisterOptions,
    by: ChangeAuthor,
  ): Promise<SubjectVersion> {
    const named = parseSubject(name);
    if (!isValidSubject(named)) throw invalidSubject(name);
    const checked = checkRequest(request);
    const { database, library } = this.#parts;
    const { subject, match } = await this.#registered(named, checked, options);
    if (match?.found !== undefined && fits(match.found, checked))
      return this.#answer(database, library, match.found, options);
    await this.#topic.ensure();
    const registration = { subject, request: checked, options, by, missedIn: match?.seen };
    const stored = await database.transaction((tx) => registerSchema(this.#parts, { tx, library }, registration));
    return this.#answer(database, library, stored, options);
  }

  /**
   * Registers in the caller's transaction, which has to be READ COMMITTED: the schema is there if and only if that commits.
   * Nothing that is read meanwhile is kept in memory.
   */
  async registerIn(
    tx: Queryable,
    name: SubjectName,
    request: SchemaRequest,
    options: RegisterOptions,
    by: ChangeAuthor,
  ): Promise<SubjectVersion> {
    const checked = checkRequest(request);
    const library = this.#parts.library.forTransaction();
    const named = parseSubject(name);
    if (!isValidSubject(named)) throw invalidSubject(name);
    const subject = withoutAliasOf(named, await readSettings(tx, named, this.#parts.defaults));
    if (!isValidSubject(subject)) throw invalidSubject(printSubject(subject));
    await requireReadCommitted(tx);
    await ensureChangesTopic(tx);
    const stored = await registerSchema(this.#parts, { tx, library }, { subject, request: checked, options, by });
    return this.#answer(tx, library, stored, options);
  }

  /**
   * The subject that is meant, and whether it has the schema, which does not depend on its mode. Asked only where nothing
   * would be added to the request. What memory says of the settings is checked by the same statement.
   */
  async #registered(
    named: QualifiedSubject,
    request: CheckedRequest,
    options: RegisterOptions,
  ): Promise<{ subject: QualifiedSubject; match: Match | undefined }> {
    const { resolve, watch } = this.#parts;
    for (let attempt = 0; ; attempt++) {
      const { subject, settings } = await resolve(named);
      if (!isValidSubject(subject)) throw invalidSubject(printSubject(subject));
      if (attempt === ATTEMPTS_MAX || !isAsked(request, settings)) return { subject, match: undefined };
      const match = await this.#match(subject, request, options, settings);
      if (match.seen.revision === settings.revision) return { subject, match };
      watch.changed();
    }
  }

  async #match(
    subject: QualifiedSubject,
    request: CheckedRequest & { readonly text: string },
    options: RegisterOptions,
    { config }: Settings,
  ): Promise<Match> {
    const { database, library } = this.#parts;
    const { text, type } = request;
    const references = await concreteReferences(database, subject.context, request.references);
    const normalize = options.normalize || config.normalize === true;
    const candidate = await library.candidate(database, subject.context, { type, text, references, normalize });
    return findMatch(database, library, subject, { ...request, candidate, deleted: false });
  }

  async #answer(
    db: Queryable,
    library: SchemaLibrary,
    stored: StoredVersion,
    { format }: RegisterOptions,
  ): Promise<SubjectVersion> {
    return present(stored, await library.textIn(db, stored, format));
  }
}

/** Whether a request is for a schema as it is sent, in any version. */
function isAsked(request: CheckedRequest, { config }: Settings): request is CheckedRequest & { text: string } {
  const { text, version, tagsToAdd, tagsToRemove, propagateTags } = request;
  const changed = tagsToAdd.length > 0 || tagsToRemove.length > 0 || propagateTags;
  return text !== undefined && version !== -1 && !changed && !addsToSchemas(config);
}

/** Whether a version that is there is what a request wants to be there. */
function fits(found: StoredVersion, { id, version }: CheckedRequest): boolean {
  return (id === undefined || id === found.id) && (version === undefined || version === found.version);
}
