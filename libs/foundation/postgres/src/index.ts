export { Database, type DatabaseOptions, type Queryable } from './database.ts';
export { sqlStateOf, translatePostgresError } from './postgres-error.ts';
export { RETRY_RULES, type RetryRule, retryRuleOf } from './sqlstate.ts';
export { migrateDown, migrateUp, type MigrationOptions, pendingMigrations } from './migrate.ts';
