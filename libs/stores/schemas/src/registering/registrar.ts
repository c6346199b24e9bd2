import type { ChangesTopic } from '../changes-topic.ts';
import { parseSubject, isValidSubject, printSubject, type QualifiedSubject } from '../names/qualified-subject.ts';
import { Turns } from '../caching/turns.ts';
import type { Candidate } from '../contents/candidate.ts';
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
import { findMatchOrState, type MatchOrState } from './find-match.ts';
import { registerSchema } from './register-schema.ts';
import { registerUnmoved, type SeenRegistration } from './register-unmoved.ts';
import type { Registration } from './registration.ts';

/** Settings that change again and again are read under the lock instead. */
const ATTEMPTS_MAX = 3;

/** What was seen of a registration without a lock. */
interface Looked {
  readonly subject: QualifiedSubject;
  readonly registration: Registration;
  /** The version that is asked for, when it is there already. */
  readonly there?: StoredVersion;
  /** What can be decided before there is a lock. */
  readonly addable?: SeenRegistration;
}

/** Registration: without a lock for what is there already, else one transaction. */
export class Registrar {
  readonly #parts: RegistryParts;
  readonly #topic: ChangesTopic;
  readonly #turns = new Turns();

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
    const look = () => this.#look(named, checked, options, by);
    const first = await look();
    const stored =
      first.there ?? (await this.#turns.take(printSubject(first.subject), (waited) => this.#add(first, waited, look)));
    return this.#answer(database, library, stored, options);
  }

  /** Those of one subject come one after the other, so that they do not undo each other's work before they have a lock. */
  async #add(first: Looked, waited: boolean, look: () => Promise<Looked>): Promise<StoredVersion> {
    await this.#topic.ensure();
    let looked = waited ? await look() : first;
    for (
      let attempt = 0;
      attempt < ATTEMPTS_MAX && looked.there === undefined && looked.addable !== undefined;
      attempt++
    ) {
      const added = await registerUnmoved(this.#parts, looked.addable);
      if (added !== undefined) return added;
      looked = await look();
    }
    const { there, registration } = looked;
    return there ?? this.#addLocked(registration);
  }

  async #addLocked(registration: Registration): Promise<StoredVersion> {
    const { database, library, watch } = this.#parts;
    let revised = false;
    const onRevised = (): void => void (revised = true);
    try {
      return await database.transaction((tx) => registerSchema(this.#parts, { tx, library, onRevised }, registration));
    } finally {
      // Also after a failure: it may have come between the commit and its answer.
      if (revised) watch.changed();
    }
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
  async #look(
    named: QualifiedSubject,
    request: CheckedRequest,
    options: RegisterOptions,
    by: ChangeAuthor,
  ): Promise<Looked> {
    const { resolve, watch } = this.#parts;
    for (let attempt = 0; ; attempt++) {
      const { subject, settings } = await resolve(named);
      if (!isValidSubject(subject)) throw invalidSubject(printSubject(subject));
      const registration = { subject, request, options, by };
      if (attempt === ATTEMPTS_MAX || !isAsked(request, settings)) return { subject, registration };
      const { match, candidate } = await this.#match(subject, request, options, settings);
      const { found, seen, state } = match;
      if (seen.revision !== settings.revision) {
        watch.changed();
        continue;
      }
      const there = found !== undefined && fits(found, request, settings) ? found : undefined;
      const missed = { ...registration, missedIn: seen };
      const free = state?.listed === true && request.references.length === 0;
      return {
        subject,
        there,
        registration: missed,
        addable: free ? { ...missed, request, candidate, state } : undefined,
      };
    }
  }

  async #match(
    subject: QualifiedSubject,
    request: CheckedRequest & { readonly text: string },
    options: RegisterOptions,
    { config }: Settings,
  ): Promise<{ match: MatchOrState; candidate: Candidate }> {
    const { database, library } = this.#parts;
    const { text, type } = request;
    const references = await concreteReferences(database, subject.context, request.references);
    const normalize = options.normalize || config.normalize === true;
    const candidate = await library.candidate(database, subject.context, { type, text, references, normalize });
    const wanted = { ...request, candidate, deleted: false };
    return { match: await findMatchOrState(database, library, subject, wanted), candidate };
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
function fits(found: StoredVersion, { id, version, ts }: CheckedRequest, { mode }: Settings): boolean {
  const timely = mode !== 'IMPORT' || ts === undefined || ts === found.ts;
  return timely && (id === undefined || id === found.id) && (version === undefined || version === found.version);
}
