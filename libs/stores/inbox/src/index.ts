export type { FailedDelivery, Failure, FailureError, FailurePage, FailureState, RecordPlace } from './failure.ts';
export type { BacklogCount, InboxBacklog } from './inbox-backlog.ts';
export type { BlockedKey, BlockedKeyPage, KeyOfTopic, ParkableRecord, ParkedHeader, ParkedRecord } from './parked.ts';
export { listBlockedKeys } from './postgres/list-blocked-keys.sql.ts';
export { listFailures } from './postgres/list-failures.sql.ts';
export { PostgresInbox } from './postgres/postgres-inbox.ts';
export { readInboxBacklog } from './postgres/read-inbox-backlog.sql.ts';
export { resolveKey, type ResolvedKey } from './postgres/resolve-key.sql.ts';
export {
  InboxMaintenance,
  type InboxMaintenanceOptions,
  type InboxMaintenanceReport,
} from './retention/inbox-maintenance.ts';
export { inboxRetention } from './retention/postgres/postgres-inbox-retention.ts';
