import type { OpenTransaction } from '../transaction/open-transaction.ts';

/* Lock: the topic's advisory lock, exclusively, until the transaction ends. Writers of the topic wait. */
export const LOCK_TOPIC = 'select outbox.lock_topic($1) where $2::text is null or pg_current_xact_id()::text = $2';

/** One lock on the topic in place of one for each of very many keys. */
export async function lockTopic(tx: OpenTransaction, topic: string): Promise<void> {
  await tx.run(LOCK_TOPIC, [topic]);
}
