import type { Clock } from '#libs/foundation/kernel';
import type { Database, Queryable } from '#libs/foundation/postgres';
import type { RevisionWatch } from './caching/revision-watch.ts';
import type { SchemaLibrary } from './contents/schema-library.ts';
import type { AssociationGuard } from './deleting/association-guard.ts';
import type { SettingsCache } from './settings/settings-cache.ts';
import type { ServerDefaults } from './settings/scope.ts';

/** What the parts of the registry share. */
export interface RegistryParts {
  readonly database: Database;
  readonly library: SchemaLibrary;
  readonly watch: RevisionWatch;
  /** For reads; ask the watch first. */
  readonly settings: SettingsCache;
  readonly associations: AssociationGuard;
  readonly defaults: ServerDefaults;
  readonly clock: Clock;
}

/** Where a change happens: the open transaction, and parsed schemas as that transaction sees them. */
export interface ChangePlace {
  readonly tx: Queryable;
  readonly library: SchemaLibrary;
}
