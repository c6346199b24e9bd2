import { isUtf8 } from 'node:buffer';
import type { Queryable } from '#libs/foundation/postgres';
import type { ForwardedMessage, Forwarder } from '#libs/movers/consumer';
import type { RecordHeader } from '#libs/stores/topic';
import { forwardMessage } from '../postgres/forward-message.sql.ts';

/**
 * Sends messages on through the outbox of the consumer's database. Throws TOPIC_UNKNOWN and MESSAGE_TOO_LARGE as emit does, and
 * fails the transaction with them.
 */
export class OutboxForwarder implements Forwarder {
  async forward(tx: Queryable, message: ForwardedMessage): Promise<void> {
    const { topic, key, value, messageId, schemaId } = message;
    await forwardMessage(tx, {
      topic,
      key,
      payload: value,
      headers: headersText(message.headers),
      messageId,
      schemaId,
    });
  }
}

/** As the outbox keeps headers: text where that gives the same bytes again, so that people can read it, else base64. */
function headersText(headers: readonly RecordHeader[]): string | null {
  if (headers.length === 0) return null;
  return JSON.stringify(headers.map(([name, value]) => [storableName(name), value === null ? null : stored(value)]));
}

function stored(value: Buffer): string | { readonly base64: string } {
  return isUtf8(value) && !value.includes(0) ? value.toString() : { base64: value.toString('base64') };
}

/** Postgres' jsonb has no place for NUL, which the name of a header on Kafka may have. */
function storableName(name: string): string {
  return name.replaceAll('\0', '\uFFFD').replaceAll(/\p{Surrogate}/gu, '\uFFFD');
}
