import { types } from 'node:util';
import { type ErrorCode, errorCodeOfSqlState, TidemarkError } from '#libs/foundation/kernel';
import { retryRuleOf } from './sqlstate.ts';

interface PostgresErrorFields {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  readonly detail?: string;
}

function fieldsOf(error: unknown): PostgresErrorFields | undefined {
  // Not instanceof: errors of Node's own modules come from another realm where code runs in a vm context.
  if (!types.isNativeError(error)) return undefined;
  const code = (error as Error & { code?: unknown }).code;
  return typeof code === 'string' ? (error as Error & PostgresErrorFields) : undefined;
}

/** The five-character SQLSTATE of an error of `pg`, also behind a TidemarkError; undefined for anything else. */
export function sqlStateOf(error: unknown): string | undefined {
  const source = error instanceof TidemarkError ? error.cause : error;
  const code = fieldsOf(source)?.code;
  return code !== undefined && /^[0-9A-Z]{5}$/.test(code) ? code : undefined;
}

/**
 * Gives errors of Postgres and of its connection a stable code: those raised by our own functions (class TM), lost or
 * refused connections, lock and statement time-outs, and missing tables. Others are returned unchanged.
 */
export function translatePostgresError(error: unknown): unknown {
  if (error instanceof TidemarkError) return error;
  const fields = fieldsOf(error);
  if (fields === undefined) return connectionErrorOf(error);
  const own = errorCodeOfSqlState(fields.code);
  if (own !== undefined) return new TidemarkError(own, fields.message, { cause: error, remedy: fields.hint });
  const rule = retryRuleOf(fields.code);
  if (rule !== undefined)
    return new TidemarkError(rule.errorCode satisfies ErrorCode, fields.message, { cause: error });
  return connectionErrorOf(error);
}

// `pg` reports some lost connections without a code, by message only (pg/lib/client.js, pg-pool/index.js).
const LOST =
  /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Client was closed|not queryable|Query read timeout/;

function connectionErrorOf(error: unknown): unknown {
  if (!types.isNativeError(error)) return error;
  const attempts = (error as Error & { errors?: unknown }).errors;
  if (Array.isArray(attempts) && attempts.length > 0) return connectionErrorOf(attempts[0]);
  const code = (error as Error & { code?: unknown }).code;
  const network =
    typeof code === 'string' &&
    /^(ECONN|EPIPE|ENOTFOUND|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|EAI_AGAIN|ENOENT)/.test(code);
  if (!network && !LOST.test(error.message)) return error;
  return new TidemarkError('DATABASE_UNAVAILABLE', error.message, { cause: error });
}
