import { define } from './error-spec.ts';

/** Database. */
export const DATABASE_ERRORS = define({
  DATABASE_UNAVAILABLE: {
    status: 503,
    retryable: true,
    title: 'Postgres cannot be reached',
    remedy: 'Check that DATABASE_URL names a running Postgres 14 or later that accepts connections from here.',
  },
  DATABASE_BUSY: {
    status: 503,
    retryable: true,
    title: 'Postgres could not serve the statement now',
    remedy: 'Try again; if it repeats, look at locks and pool sizes.',
  },
  TRANSACTION_ABORTED: {
    status: 500,
    retryable: false,
    title: 'The transaction was rolled back',
    remedy:
      'Nothing was written. Let errors of statements end the transaction, or put what may fail behind a savepoint.',
  },
  DATABASE_UNSUPPORTED: {
    status: 500,
    retryable: false,
    title: 'Unsupported Postgres',
    remedy: 'Use Postgres 14 or later.',
  },
  SCHEMA_MISSING: {
    status: 500,
    retryable: false,
    title: 'The database is not migrated',
    remedy: 'Run: npm run migrate (or: tidemark migrate).',
  },
  SCHEMA_TOO_NEW: {
    status: 500,
    retryable: false,
    title: 'The database is newer than this version',
    remedy: 'Start the version of Tidemark that made the last migration, or a later one.',
  },
  EMBEDDED_POSTGRES_FAILED: {
    status: 500,
    retryable: false,
    title: 'The embedded Postgres did not start',
    remedy: 'See the message; or set DATABASE_URL to use a Postgres of your own.',
  },
});
