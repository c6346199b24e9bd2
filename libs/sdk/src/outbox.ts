import { planBatch } from './batch-plan.ts';
import type { AnyEvents, BatchMessage, EventMap, Message } from './message.ts';
import { type MessageRow, messageRow } from './message-row.ts';
import { emitMessage } from './postgres/emit-message.sql.ts';
import { emitRows } from './postgres/emit-rows.sql.ts';
import { lockTopic } from './postgres/lock-topic.sql.ts';
import { EventEncoder } from './schemas/event-encoder.ts';
import { failTransaction } from './schemas/fail-transaction.ts';
import type { OutboxSchemas } from './schemas/outbox-schemas.ts';
import type { TransactionHandle } from './transaction/handle.ts';
import { openTransaction } from './transaction/open-transaction.ts';

export interface OutboxOptions {
  /** The W3C trace context of the present call; added as header traceparent unless the message brings its own. Default: none. */
  readonly traceparent?: () => string | undefined;
  /** Payloads with a schema. Default: none, unless a message says one. */
  readonly schemas?: OutboxSchemas;
}

/**
 * Writes events inside the caller's business transaction: they are committed with it, or not at all.
 *
 * Errors (TidemarkError): NOT_IN_TRANSACTION, MESSAGE_INVALID, KEY_INVALID, HEADERS_INVALID, before anything was sent
 * where the client can tell; SCHEMA_UNKNOWN, SCHEMA_INVALID for a payload with a schema; PAYLOAD_INVALID for one that does not
 * match it, which fails the transaction: nothing of it can commit, whoever handles the error. TOPIC_UNKNOWN, MESSAGE_TOO_LARGE, PARTITION_INVALID, SCHEMA_REQUIRED from the database, which then has failed
 * the transaction, as any SQL error does.
 */
export interface Outbox<Events extends EventMap = AnyEvents> {
  /** Writes one message and returns its id (a UUID). */
  emit<Topic extends keyof Events & string>(
    tx: TransactionHandle,
    topic: Topic,
    message: Message<Events[Topic]>,
  ): Promise<string>;

  /**
   * Writes many messages in few statements and returns their ids in the order given. They are written sorted by topic
   * and key, so that concurrent batches cannot deadlock; messages of one key keep the order given. A topic that would
   * bring the batch over 256 distinct keys is locked as a whole until the transaction ends.
   */
  emitBatch(tx: TransactionHandle, messages: readonly BatchMessage<Events>[]): Promise<string[]>;
}

/** Bytes keep the memory of one statement bounded (they travel as hex text, twice as long); keys as outbox.lock_key has it. */
const BATCH_LIMITS = { rowsMax: 1_000, bytesMax: 4 * 1024 * 1024, keyLocksMax: 256 } as const;

/**
 * Creates an outbox. It holds no connection and no state, so one per process is enough. Declare an event map to have the
 * compiler check topics and payloads: `createOutbox<{ 'orders.placed': OrderPlaced }>()`.
 */
export function createOutbox<Events extends EventMap = AnyEvents>(options: OutboxOptions = {}): Outbox<Events> {
  const encoder = new EventEncoder(options.schemas);
  const encoded = async <M extends Message>(tx: TransactionHandle, topic: string, message: M): Promise<M> =>
    encoder.encode(tx, topic, message).catch((error: unknown) => failTransaction(tx, error));
  return {
    emit: async (tx, topic, message) => {
      const row = messageRow(topic, await encoded(tx, topic, message), options.traceparent?.());
      return emitMessage(await openTransaction(tx, 1), row);
    },
    emitBatch: async (tx, messages) => {
      const traceparent = options.traceparent?.();
      const rows: MessageRow[] = [];
      for (const message of messages) {
        rows.push(messageRow(message.topic, await encoded(tx, message.topic, message), traceparent));
      }
      const steps = planBatch(rows, BATCH_LIMITS);
      const ids = Array.from<string>({ length: rows.length });
      if (steps.length === 0) return ids;
      const transaction = await openTransaction(tx, steps.length);
      for (const step of steps) {
        if (step.kind === 'lock-topic') {
          await lockTopic(transaction, step.topic);
          continue;
        }
        const sent = await emitRows(
          transaction,
          step.rows.map(({ row }) => row),
        );
        step.rows.forEach(({ place }, index) => (ids[place] = sent[index] as string));
      }
      return ids;
    },
  };
}
