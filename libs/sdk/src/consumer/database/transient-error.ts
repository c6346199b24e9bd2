import { TidemarkError } from '#libs/foundation/kernel';
import { retryRuleOf, sqlStateOf, translatePostgresError } from '#libs/foundation/postgres';

/** Wrappers in wrappers that are looked into: a chain may be a ring. */
const CAUSES_MAX = 8;

/** Errors thrown while the connection of their transaction broke. */
const lost = new WeakSet<object>();

/** Notes that the transaction lost its connection: whatever the work threw, the message is not to blame. */
export function markConnectionLost(error: unknown): void {
  if (typeof error === 'object' && error !== null) lost.add(error);
}

/** See Transactions.isTransient. */
export function isTransientError(error: unknown, where: 'handler' | 'transaction'): boolean {
  const chain = causesOf(error);
  if (chain.some((link) => lost.has(link) || hasTransientState(link) || isOfDatabase(link))) return true;
  // Out of a handler it may be the network of anybody; of the transaction's own statements it is the database's.
  return where === 'transaction' && chain.some((link) => isOfDatabase(translatePostgresError(link)));
}

/** Sent by a server, about itself, the connection or other transactions: it says nothing about the message. */
function hasTransientState(error: object): boolean {
  const state = sqlStateOf(error);
  if (state === undefined || !('severity' in error)) return false;
  const rule = retryRuleOf(state);
  return state.startsWith('08') || (rule !== undefined && rule.retry !== 'no');
}

function isOfDatabase(error: unknown): boolean {
  return error instanceof TidemarkError && (error.code === 'DATABASE_UNAVAILABLE' || error.code === 'DATABASE_BUSY');
}

/** The error with what it wraps: TypeORM keeps the driver's error as `driverError`. */
function causesOf(error: unknown): object[] {
  const chain: object[] = [];
  for (let link = error; typeof link === 'object' && link !== null && chain.length < CAUSES_MAX;) {
    if (chain.includes(link)) break;
    chain.push(link);
    const { driverError, cause } = link as { driverError?: unknown; cause?: unknown };
    link = driverError ?? cause;
  }
  return chain;
}
