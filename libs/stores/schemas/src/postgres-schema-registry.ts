import { type Clock, systemClock } from '#libs/foundation/kernel';
import type { Database, Queryable } from '#libs/foundation/postgres';
import { RevisionWatch } from './caching/revision-watch.ts';
import { ChangesTopic } from './changes-topic.ts';
import { checkCompatibility } from './comparing/check-compatibility.ts';
import type { ClosureLimits } from './contents/reference-closure.ts';
import { KnownVersions } from './contents/known-versions.ts';
import { SchemaLibrary } from './contents/schema-library.ts';
import { deleteContext, listContexts } from './contexts.ts';
import { type AssociationGuard, NO_ASSOCIATIONS } from './deleting/association-guard.ts';
import { Deleter } from './deleting/deleter.ts';
import { RegistryDataSource } from './postgres/entities/registry-data-source.ts';
import type { SchemaPlans } from './planning/plan.ts';
import { runPlan } from './planning/run-plan.ts';
import { readRevision } from './postgres/read-revision.sql.ts';
import { lookUp } from './reading/look-up.ts';
import { listSchemas } from './reading/schema-listing.ts';
import { SchemaReads } from './reading/schema-reads.ts';
import { listUses } from './reading/schema-uses.ts';
import { SubjectReads } from './reading/subject-reads.ts';
import { Registrar } from './registering/registrar.ts';
import type { ChangeAuthor, RegisterOptions, SchemaRegistry, SchemaRequest, SubjectVersion } from './registry.ts';
import type { RecordChange, RegistryParts } from './registry-parts.ts';
import { changeRunner } from './run-change.ts';
import type { SchemaFormats } from './schema-formats.ts';
import { ConfigSettings } from './settings/config-settings.ts';
import { ModeSettings } from './settings/mode-settings.ts';
import { SERVER_DEFAULTS, type ServerDefaults } from './settings/scope.ts';
import { SettingsCache } from './settings/settings-cache.ts';
import { tagChange } from './tagging/tag-change.ts';

export interface SchemaRegistryOptions {
  readonly database: Database;
  readonly formats: SchemaFormats;
  /** Default: nothing is associated. */
  readonly associations?: AssociationGuard;
  /** What applies where nothing is set; default BACKWARD and READWRITE. */
  readonly defaults?: Partial<ServerDefaults>;
  /** Whether modes can be changed at all; default true. */
  readonly modesMayChange?: boolean;
  /** Bytes of schemas kept in memory, texts and parsed ones together; default 64 MiB. */
  readonly cacheBytesMax?: number;
  /** How long the changes of other processes may go unnoticed by reads, in ms; default 250. */
  readonly freshMs?: number;
  /** Called when what was kept of earlier answers may be wrong, because something was deleted or set. */
  readonly onForget?: () => void;
  readonly limits?: Partial<ClosureLimits>;
  readonly clock?: Clock;
}

const CACHE_BYTES_MAX = 64 * 1_048_576;
const FRESH_MS = 250;
/** Reads of what is in memory go on this long while Postgres is away. */
const ALONE_MS = 60_000;

/** Changes of schemas as parts of one transaction, together with others. */
export interface SchemaChanges {
  readonly tx: Queryable;
  /** Notes a change in the audit and announces it. */
  readonly record: RecordChange;
  register(
    subject: string,
    request: SchemaRequest,
    options: RegisterOptions,
    by: ChangeAuthor,
  ): Promise<SubjectVersion>;
  deleteSubject(subject: string, options: { readonly permanent: boolean }, by: ChangeAuthor): Promise<number[]>;
}

/** The registry on Postgres, with registration in a transaction of the caller's. */
export interface PostgresSchemaRegistry extends SchemaRegistry, SchemaPlans {
  /** Whether what other processes deleted or set more than `freshMs` ago is known. Reads by id make it so. */
  isFresh(): boolean;
  /** Runs changes of schemas and of what belongs to them in one transaction: all of them commit, or none. */
  change<T>(work: (changes: SchemaChanges) => Promise<T>): Promise<T>;
  /**
   * Registers in an open READ COMMITTED transaction, such as that of a migration: the schema is there if and only if it
   * commits. Holds the subject's lock until then; register subjects in order of name where several are registered.
   */
  registerInTransaction(
    tx: Queryable,
    subject: string,
    request: SchemaRequest,
    options: RegisterOptions,
    by: ChangeAuthor,
  ): Promise<SubjectVersion>;
  /** Deletes a subject in an open READ COMMITTED transaction; call `forget` once it has committed. */
  deleteSubjectInTransaction(
    tx: Queryable,
    subject: string,
    options: { readonly permanent: boolean },
    by: ChangeAuthor,
  ): Promise<number[]>;
  /** Drops what is kept in memory: reads see at once what a transaction of the caller's has changed. */
  forget(): void;
}

/**
 * Makes a registry. It reads nothing before it is asked, keeps a bounded part of what it reads in memory, and works together
 * with any number of others on the same database. The database stays the caller's to close.
 */
export function createSchemaRegistry(options: SchemaRegistryOptions): PostgresSchemaRegistry {
  const { parts, schemas, topic } = assemble(options);
  const subjects = new SubjectReads(parts);
  const registrar = new Registrar(parts, topic);
  const deleter = new Deleter(parts);
  const config = new ConfigSettings(parts);
  const mode = new ModeSettings(parts);
  return {
    isFresh: () => parts.watch.isFresh(),
    change: (work) =>
      parts.change((tx, record) =>
        work({
          tx,
          record,
          register: (...asked) => registrar.registerIn(tx, ...asked),
          deleteSubject: (...asked) => deleter.deleteSubjectAs(tx, record, ...asked),
        }),
      ),
    listSubjects: (query) => subjects.listSubjects(query),
    listVersions: (...asked) => subjects.listVersions(...asked),
    getVersion: (...asked) => subjects.getVersion(...asked),
    getLatestWithMetadata: (...asked) => subjects.getLatestWithMetadata(...asked),
    listReferencedBy: (...asked) => subjects.listReferencedBy(...asked),
    lookUp: (...asked) => lookUp(parts, ...asked),
    register: (...asked) => registrar.register(...asked),
    registerInTransaction: (...asked) => registrar.registerIn(...asked),
    deleteSubjectInTransaction: (...asked) => deleter.deleteSubjectIn(...asked),
    forget: () => parts.watch.changed(),
    changeTags: async (subject, version, request, by) => {
      const stored = await subjects.findStored(subject, version, false);
      return registrar.register(subject, tagChange(stored, request), TAGGING, by);
    },
    deleteSubject: (...asked) => deleter.deleteSubject(...asked),
    deleteVersion: (...asked) => deleter.deleteVersion(...asked),
    getById: (...asked) => schemas.getById(...asked),
    getByGuid: (...asked) => schemas.getByGuid(...asked),
    listIdsOfGuid: (guid) => schemas.listIdsOfGuid(guid),
    listSubjectsOfId: async (id, query) => (await listUses(parts, id, query)).map(({ subject }) => subject),
    listVersionsOfId: (id, query) => listUses(parts, id, query),
    listSchemas: (query) => listSchemas(parts, query),
    checkCompatibility: (...asked) => checkCompatibility(parts, ...asked),
    getConfig: (...asked) => config.get(...asked),
    putConfig: (...asked) => config.put(...asked),
    deleteConfig: (...asked) => config.delete(...asked),
    getMode: (...asked) => mode.get(...asked),
    putMode: (...asked) => mode.put(...asked),
    deleteMode: (...asked) => mode.delete(...asked),
    plan: (request, by) => runPlan({ parts, registrar, config }, request, { apply: false }, by),
    applyPlan: (request, by) => runPlan({ parts, registrar, config }, request, { apply: true }, by),
    listContexts: (query) => listContexts(parts, query),
    deleteContext: (context, by) => deleteContext(parts, context, by),
  };
}

const TAGGING: RegisterOptions = { normalize: false, format: '', force: false };

/** The parts with what they share: the caches, and the watch that empties them. */
function assemble(options: SchemaRegistryOptions): { parts: RegistryParts; schemas: SchemaReads; topic: ChangesTopic } {
  const { database } = options;
  const bytes = options.cacheBytesMax ?? CACHE_BYTES_MAX;
  const defaults = { ...SERVER_DEFAULTS, ...options.defaults };
  const library = new SchemaLibrary(options.formats, { bytesMax: bytes / 2, limits: options.limits });
  const known = new KnownVersions(bytes / 8);
  const settings = new SettingsCache(database, defaults, bytes / 16);
  const watch = new RevisionWatch({
    read: () => readRevision(database),
    onChange: () => {
      library.forget();
      known.forget();
      settings.forget();
      schemas.forget();
      options.onForget?.();
    },
    clock: options.clock ?? systemClock,
    freshMs: options.freshMs ?? FRESH_MS,
    aloneMs: ALONE_MS,
  });
  const topic = new ChangesTopic(database);
  const parts: RegistryParts = {
    database,
    source: new RegistryDataSource(database),
    library,
    known,
    watch,
    associations: options.associations ?? NO_ASSOCIATIONS,
    defaults,
    modesMayChange: options.modesMayChange ?? true,
    resolve: async (named) => {
      if (!watch.isFresh()) await watch.refresh();
      return settings.resolve(named);
    },
    change: changeRunner(database, topic, watch),
  };
  const schemas = new SchemaReads(parts, (bytes * 5) / 16);
  return { parts, schemas, topic };
}
