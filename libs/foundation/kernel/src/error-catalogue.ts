import { CLUSTER_ERRORS } from './errors/cluster-errors.ts';
import { CONSUMER_ERRORS } from './errors/consumer-errors.ts';
import { DATABASE_ERRORS } from './errors/database-errors.ts';
import type { ErrorSpec } from './errors/error-spec.ts';
import { INBOX_ERRORS } from './errors/inbox-errors.ts';
import { MESSAGE_ERRORS } from './errors/message-errors.ts';
import { REQUEST_ERRORS } from './errors/request-errors.ts';
import { SCHEMA_ERRORS } from './errors/schema-errors.ts';
import { SEQUENCER_ERRORS } from './errors/sequencer-errors.ts';

export type { ErrorSpec };

/**
 * The closed list of error codes. docs/ERRORS.md is generated from it, and a test compares the two.
 * A code is never reused for another meaning.
 */
export const ERRORS = {
  ...REQUEST_ERRORS,
  ...DATABASE_ERRORS,
  ...MESSAGE_ERRORS,
  ...SCHEMA_ERRORS,
  ...SEQUENCER_ERRORS,
  ...CLUSTER_ERRORS,
  ...CONSUMER_ERRORS,
  ...INBOX_ERRORS,
} as const satisfies Readonly<Record<string, ErrorSpec>>;

export type ErrorCode = keyof typeof ERRORS;

const BY_SQLSTATE: ReadonlyMap<string, ErrorCode> = new Map(
  (Object.keys(ERRORS) as ErrorCode[]).flatMap((code) => {
    const { sqlstate }: ErrorSpec = ERRORS[code];
    return sqlstate === undefined ? [] : [[sqlstate, code]];
  }),
);

/** The code of an SQLSTATE that our own Postgres functions raise, if it is one of theirs. */
export function errorCodeOfSqlState(sqlstate: string): ErrorCode | undefined {
  return BY_SQLSTATE.get(sqlstate);
}
