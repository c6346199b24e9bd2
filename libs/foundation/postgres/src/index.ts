export { cancelAfter } from './cancel-after.ts';
export { CopiedRows } from './copied-rows.ts';
export type { CopySource } from './copy-out.ts';
export { Database, type DatabaseOptions, type Queryable, withStatementTimeout } from './database.ts';
export { type EmbeddedPostgresOptions, startEmbeddedPostgres } from './embedded/embedded-postgres.ts';
export { type EmbeddedPostgres } from './embedded/embedded-server.ts';
export { inOneMessage, type SqlLiteral } from './one-message.ts';
export {
  type Attempt,
  detachPartition,
  dropDetached,
  finalizeDetach,
  type PartitionName,
} from './partitions/detach-partition.sql.ts';
export { giveTurnBack, takeTurn } from './partitions/turn.sql.ts';
export { sqlStateOf, translatePostgresError } from './postgres-error.ts';
export { RETRY_RULES, type RetryRule, retryRuleOf } from './sqlstate.ts';
export { migrateDown, migrateUp, type MigrationOptions } from './migrate.ts';
export { migrationStatus, type MigrationStatus } from './migration-status.ts';
export { requireMigrated } from './require-migrated.ts';
