import { TidemarkError } from '#libs/foundation/kernel';

/** Emitting outside of a transaction would let the event and the business change part: one could commit without the other. */
export function notInTransaction(why: string, remedy?: string): TidemarkError {
  return new TidemarkError('NOT_IN_TRANSACTION', `no message was sent: ${why}`, { remedy });
}
