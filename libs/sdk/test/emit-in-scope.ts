import { createOutbox } from '../src/outbox.ts';
import { currentScope } from '../src/transaction/current-transaction.ts';

const outbox = createOutbox();

/** Emits as careless code does: nobody waits for it. */
export function emitInScope(topic: string, payload: unknown): void {
  currentScope()!
    .write((tx) => outbox.emit(tx, topic, { payload }))
    .catch(() => undefined);
}
