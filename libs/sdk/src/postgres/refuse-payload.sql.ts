import type { OpenTransaction } from '../transaction/open-transaction.ts';

/* No lock, no table: raises TM014, which fails the transaction. */
export const REFUSE_PAYLOAD = `select outbox.refuse_payload($1) where $2::text is null or pg_current_xact_id()::text = $2`;

/** Fails the transaction because of an event in it. Always rejects. */
export async function refusePayload(tx: OpenTransaction, why: string): Promise<void> {
  await tx.run(REFUSE_PAYLOAD, [why]);
}
