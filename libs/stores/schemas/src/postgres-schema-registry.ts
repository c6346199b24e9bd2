import { type Clock, systemClock } from '#libs/foundation/kernel';
import type { Database, Queryable } from '#libs/foundation/postgres';
import { RevisionWatch } from './caching/revision-watch.ts';
import type { ClosureLimits } from './contents/reference-closure.ts';
import { SchemaLibrary } from './contents/schema-library.ts';
import { type AssociationGuard, NO_ASSOCIATIONS } from './deleting/association-guard.ts';
import { readRevision } from './postgres/read-revision.sql.ts';
import { SchemaReads } from './reading/schema-reads.ts';
import { SubjectReads } from './reading/subject-reads.ts';
import { Registrar } from './registering/registrar.ts';
import type { ChangeAuthor, RegisterOptions, SchemaRegistry, SchemaRequest, SubjectName } from './registry.ts';
import type { RegistryParts } from './registry-parts.ts';
import type { SchemaFormats } from './schema-formats.ts';
import { SERVER_DEFAULTS, type ServerDefaults } from './settings/scope.ts';
import { SettingsCache } from './settings/settings-cache.ts';

export interface SchemaRegistryOptions {
  readonly database: Database;
  readonly formats: SchemaFormats;
  /** Default: nothing is associated. */
  readonly associations?: AssociationGuard;
  /** What applies where nothing is set; default BACKWARD and READWRITE. */
  readonly defaults?: Partial<ServerDefaults>;
  /** Bytes of schemas kept in memory, texts and parsed ones together; default 64 MiB. */
  readonly cacheBytesMax?: number;
  /** How long the changes of other processes may go unnoticed by reads, in ms; default 250. */
  readonly freshMs?: number;
  readonly limits?: Partial<ClosureLimits>;
  readonly clock?: Clock;
}

const CACHE_BYTES_MAX = 64 * 1_048_576;
const FRESH_MS = 250;
/** Reads of what is in memory go on this long while Postgres is away. */
const ALONE_MS = 60_000;

type Done =
  | 'register'
  | 'listSubjects'
  | 'listVersions'
  | 'getVersion'
  | 'getLatestWithMetadata'
  | 'getById'
  | 'getByGuid'
  | 'listIdsOfGuid';

/** The registry on Postgres. Reads nothing at its start; several on one database work together. */
export class PostgresSchemaRegistry implements Pick<SchemaRegistry, Done> {
  readonly #schemas: SchemaReads;
  readonly #registrar: Registrar;

  readonly listSubjects: SchemaRegistry['listSubjects'];
  readonly listVersions: SchemaRegistry['listVersions'];
  readonly getVersion: SchemaRegistry['getVersion'];
  readonly getLatestWithMetadata: SchemaRegistry['getLatestWithMetadata'];
  readonly getById: SchemaRegistry['getById'];
  readonly getByGuid: SchemaRegistry['getByGuid'];
  readonly listIdsOfGuid: SchemaRegistry['listIdsOfGuid'];
  readonly register: SchemaRegistry['register'];

  constructor(options: SchemaRegistryOptions) {
    const { database } = options;
    const clock = options.clock ?? systemClock;
    const bytes = options.cacheBytesMax ?? CACHE_BYTES_MAX;
    const defaults = { ...SERVER_DEFAULTS, ...options.defaults };
    const library = new SchemaLibrary(options.formats, { bytesMax: bytes / 2, limits: options.limits });
    const settings = new SettingsCache(database, defaults, bytes / 16);
    const watch = new RevisionWatch({
      read: () => readRevision(database),
      onChange: () => {
        library.forget();
        settings.forget();
        this.#schemas.forget();
      },
      clock,
      freshMs: options.freshMs ?? FRESH_MS,
      aloneMs: ALONE_MS,
    });
    const associations = options.associations ?? NO_ASSOCIATIONS;
    const parts: RegistryParts = { database, library, watch, settings, associations, defaults, clock };
    const subjects = new SubjectReads(parts);
    const schemas = (this.#schemas = new SchemaReads(parts, bytes / 2));
    const registrar = (this.#registrar = new Registrar(parts));

    this.listSubjects = (query) => subjects.listSubjects(query);
    this.listVersions = (...question) => subjects.listVersions(...question);
    this.getVersion = (...question) => subjects.getVersion(...question);
    this.getLatestWithMetadata = (...question) => subjects.getLatestWithMetadata(...question);
    this.getById = (...question) => schemas.getById(...question);
    this.getByGuid = (...question) => schemas.getByGuid(...question);
    this.listIdsOfGuid = (guid) => schemas.listIdsOfGuid(guid);
    this.register = (...request) => registrar.register(...request);
  }

  /** Registers in the caller's transaction: see Registrar.registerIn. */
  registerInTransaction(
    tx: Queryable,
    subject: SubjectName,
    request: SchemaRequest,
    options: RegisterOptions,
    by: ChangeAuthor,
  ) {
    return this.#registrar.registerIn(tx, subject, request, options, by);
  }
}
