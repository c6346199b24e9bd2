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
import { findMatch } from './find-match.ts';
import { registerSchema } from './register-schema.ts';

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
    const checked = checkRequest(request);
    const { database, library } = this.#parts;
    const { subject, settings } = await this.#target(database, name);
    const registered = await this.#registered(subject, checked, options, settings);
    if (registered !== undefined) return this.#answer(database, library, registered, options);
    await this.#topic.ensure();
    const stored = await database.transaction((tx) =>
      registerSchema(this.#parts, { tx, library }, { subject, request: checked, options, by }),
    );
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
    const { subject } = await this.#target(tx, name);
    await requireReadCommitted(tx);
    await ensureChangesTopic(tx);
    const stored = await registerSchema(this.#parts, { tx, library }, { subject, request: checked, options, by });
    return this.#answer(tx, library, stored, options);
  }

  /** The subject that is meant, by its alias if it has one. Throws 42208. */
  async #target(db: Queryable, name: SubjectName): Promise<{ subject: QualifiedSubject; settings: Settings }> {
    const named = parseSubject(name);
    if (!isValidSubject(named)) throw invalidSubject(name);
    const settings = await readSettings(db, named, this.#parts.defaults);
    const subject = withoutAliasOf(named, settings);
    if (subject === named) return { subject, settings };
    if (!isValidSubject(subject)) throw invalidSubject(printSubject(subject));
    return { subject, settings: await readSettings(db, subject, this.#parts.defaults) };
  }

  /** The live version that the schema is already, whatever the mode. Only where nothing would be added to the request. */
  async #registered(
    subject: QualifiedSubject,
    request: CheckedRequest,
    options: RegisterOptions,
    { config }: Settings,
  ): Promise<StoredVersion | undefined> {
    const { text, type } = request;
    if (text === undefined || request.version === -1 || addsToSchemas(config)) return undefined;
    if (request.tagsToAdd.length > 0 || request.tagsToRemove.length > 0 || request.propagateTags) return undefined;
    const { database, library } = this.#parts;
    const references = await concreteReferences(database, subject.context, request.references);
    const normalize = options.normalize || config.normalize === true;
    const candidate = await library.candidate(database, subject.context, { type, text, references, normalize });
    const match = await findMatch(database, library, subject, { ...request, candidate, deleted: false });
    if (match === undefined) return undefined;
    const wanted = request.id === undefined || request.id === match.id;
    return wanted && (request.version === undefined || request.version === match.version) ? match : undefined;
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
