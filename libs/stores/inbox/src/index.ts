export { PostgresInbox } from './postgres/postgres-inbox.ts';
export {
  type InboxMaintenanceReport,
  InboxMaintenance,
  type InboxMaintenanceOptions,
} from './retention/inbox-maintenance.ts';
export { inboxRetention } from './retention/postgres/postgres-inbox-retention.ts';
