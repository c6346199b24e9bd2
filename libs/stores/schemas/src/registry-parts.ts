import type { Database, Queryable } from '#libs/foundation/postgres';
import type { RevisionWatch } from './caching/revision-watch.ts';
import type { KnownVersions } from './contents/known-versions.ts';
import type { SchemaLibrary } from './contents/schema-library.ts';
import type { AssociationGuard } from './deleting/association-guard.ts';
import type { QualifiedSubject } from './names/qualified-subject.ts';
import type { RegistryDataSource } from './postgres/entities/registry-data-source.ts';
import type { Change } from './postgres/record-change.sql.ts';
import type { ChangeAuthor } from './registry.ts';
import type { Settings } from './settings/read-settings.ts';
import type { ServerDefaults } from './settings/scope.ts';

/** What the parts of the registry share. */
export interface RegistryParts {
  readonly database: Database;
  /** The same connections through TypeORM, for ordinary reads. */
  readonly source: RegistryDataSource;
  readonly library: SchemaLibrary;
  readonly known: KnownVersions;
  readonly watch: RevisionWatch;
  readonly associations: AssociationGuard;
  readonly defaults: ServerDefaults;
  /** False: every change of a mode is refused. */
  readonly modesMayChange: boolean;
  /** The subject that a name stands for, by its alias if it has one, and what applies to it: for reads, from memory. */
  readonly resolve: (named: QualifiedSubject) => Promise<{ subject: QualifiedSubject; settings: Settings }>;
  readonly change: RunChange;
}

/** Notes a change in the audit and announces it, in the transaction of the change. */
export type RecordChange = (change: Change, by: ChangeAuthor) => Promise<void>;

/**
 * Runs a change of what processes keep in memory: the work, its records and the notice to all processes commit together, or
 * nothing does.
 */
export type RunChange = <T>(work: (tx: Queryable, record: RecordChange) => Promise<T>) => Promise<T>;

/** Where a registration happens: the open transaction, and parsed schemas as that transaction sees them. */
export interface ChangePlace {
  readonly tx: Queryable;
  readonly library: SchemaLibrary;
  /** Where what is read is committed and no import is going on. */
  readonly known?: KnownVersions;
  /** Told when a version is changed that was there: what this process keeps of it is wrong once the transaction commits. */
  readonly onRevised?: () => void;
}
