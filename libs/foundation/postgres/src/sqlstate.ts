import { type BackoffOptions, type ErrorCode } from '#libs/foundation/kernel';

export interface RetryRule extends BackoffOptions {
  /** The SQLSTATE's condition name in the Postgres manual, appendix A. */
  readonly condition: string;
  /** What callers outside of the database layer see. */
  readonly errorCode: Extract<ErrorCode, 'DATABASE_UNAVAILABLE' | 'DATABASE_BUSY' | 'SCHEMA_MISSING'>;
  /** 'statement': the same transaction may be run again; 'connect': a new connection is needed; 'no': a person must act. */
  readonly retry: 'statement' | 'connect' | 'no';
}

const soon = { minMs: 10, maxMs: 500 } as const;
const later = { minMs: 100, maxMs: 5_000 } as const;

/** Which failures of Postgres are worth another try, and how soon. What is not listed is a defect or the user's input. */
export const RETRY_RULES: Readonly<Record<string, RetryRule>> = {
  '40001': { condition: 'serialization_failure', errorCode: 'DATABASE_BUSY', retry: 'statement', ...soon },
  '40P01': { condition: 'deadlock_detected', errorCode: 'DATABASE_BUSY', retry: 'statement', ...soon },
  '55P03': { condition: 'lock_not_available', errorCode: 'DATABASE_BUSY', retry: 'statement', ...later },
  '57014': { condition: 'query_canceled', errorCode: 'DATABASE_BUSY', retry: 'statement', ...later },
  '53000': { condition: 'insufficient_resources', errorCode: 'DATABASE_BUSY', retry: 'statement', ...later },
  '53100': { condition: 'disk_full', errorCode: 'DATABASE_BUSY', retry: 'statement', ...later },
  '53200': { condition: 'out_of_memory', errorCode: 'DATABASE_BUSY', retry: 'statement', ...later },
  '53300': { condition: 'too_many_connections', errorCode: 'DATABASE_UNAVAILABLE', retry: 'connect', ...later },
  '57P01': { condition: 'admin_shutdown', errorCode: 'DATABASE_UNAVAILABLE', retry: 'connect', ...later },
  '57P02': { condition: 'crash_shutdown', errorCode: 'DATABASE_UNAVAILABLE', retry: 'connect', ...later },
  '57P03': { condition: 'cannot_connect_now', errorCode: 'DATABASE_UNAVAILABLE', retry: 'connect', ...later },
  '57P05': { condition: 'idle_session_timeout', errorCode: 'DATABASE_UNAVAILABLE', retry: 'connect', ...soon },
  '25P03': {
    condition: 'idle_in_transaction_session_timeout',
    errorCode: 'DATABASE_UNAVAILABLE',
    retry: 'connect',
    ...soon,
  },
  '25006': {
    condition: 'read_only_sql_transaction (a standby answered)',
    errorCode: 'DATABASE_UNAVAILABLE',
    retry: 'connect',
    ...later,
  },
  '08000': { condition: 'connection_exception', errorCode: 'DATABASE_UNAVAILABLE', retry: 'connect', ...later },
  '08001': {
    condition: 'sqlclient_unable_to_establish_sqlconnection',
    errorCode: 'DATABASE_UNAVAILABLE',
    retry: 'connect',
    ...later,
  },
  '08003': { condition: 'connection_does_not_exist', errorCode: 'DATABASE_UNAVAILABLE', retry: 'connect', ...later },
  '08006': { condition: 'connection_failure', errorCode: 'DATABASE_UNAVAILABLE', retry: 'connect', ...later },
  '3F000': { condition: 'invalid_schema_name', errorCode: 'SCHEMA_MISSING', retry: 'no', ...later },
  '42P01': { condition: 'undefined_table', errorCode: 'SCHEMA_MISSING', retry: 'no', ...later },
  '42883': { condition: 'undefined_function', errorCode: 'SCHEMA_MISSING', retry: 'no', ...later },
};

export function retryRuleOf(sqlstate: string): RetryRule | undefined {
  return RETRY_RULES[sqlstate];
}
