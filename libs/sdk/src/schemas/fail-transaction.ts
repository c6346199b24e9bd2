import { TidemarkError } from '#libs/foundation/kernel';
import { openTransaction } from '../transaction/open-transaction.ts';
import type { TransactionHandle } from '../transaction/handle.ts';
import { refusePayload } from '../postgres/refuse-payload.sql.ts';

/**
 * Makes an invalid event the end of its business transaction, even where the application swallows the error: Postgres fails
 * it at once, as it does for an unknown topic. Always throws: the error given, or, where there is no transaction, that.
 */
export async function failTransaction(tx: TransactionHandle, error: unknown): Promise<never> {
  if (error instanceof TidemarkError && error.code === 'PAYLOAD_INVALID') {
    try {
      await refusePayload(await openTransaction(tx, 1), error.message);
    } catch (refusal) {
      // The refusal of Postgres says the same with less; an error of another kind is the more urgent one.
      if (!(refusal instanceof TidemarkError) || refusal.code !== 'PAYLOAD_INVALID') throw refusal;
    }
  }
  throw error;
}
