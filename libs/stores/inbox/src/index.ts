export { PostgresInbox } from './postgres/postgres-inbox.ts';
