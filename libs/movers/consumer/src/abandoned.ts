import type { TidemarkError } from '#libs/foundation/kernel';

const abandoned = new WeakSet<object>();

/** Marks the error with which a transaction ends whose handler goes on although it was told to end. */
export function markAbandoned(error: TidemarkError): TidemarkError {
  abandoned.add(error);
  return error;
}

/**
 * True when what caused the error may still use the connection: it has to be closed and not be given back to a pool, where
 * the next statement of the late handler would run outside of its transaction, or inside of another one.
 */
export function isAbandoned(error: unknown): boolean {
  return typeof error === 'object' && error !== null && abandoned.has(error);
}
