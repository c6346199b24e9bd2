import { TidemarkError } from '#libs/foundation/kernel';
import { headersJson } from './headers-json.ts';
import type { Message } from './message.ts';
import { isWellFormed } from './well-formed.ts';

/** A message as outbox.emit_bytes takes it. */
export interface MessageRow {
  readonly topic: string;
  readonly key: Buffer | null;
  readonly payload: Buffer | null;
  /** JSON text of [name, value] pairs. */
  readonly headers: string | null;
  readonly partition: number | null;
  readonly messageId: string | null;
  readonly schemaId: number | null;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const INT32_MAX = 2_147_483_647;

/**
 * Checks a message and turns it into bytes, before anything is sent, so that a refusal leaves the transaction usable.
 * Throws MESSAGE_INVALID, KEY_INVALID, HEADERS_INVALID. Limits that the topic sets are checked by the database.
 */
export function messageRow(topic: string, message: Message, traceparent?: string): MessageRow {
  if (typeof topic !== 'string' || topic === '' || topic.includes('\0')) {
    throw new TidemarkError('MESSAGE_INVALID', 'the topic of a message must be a name', {
      remedy: 'Call emit(tx, topic, message) with the name of an existing topic.',
    });
  }
  if (typeof message !== 'object' || message === null)
    invalid(topic, 'is not an object', 'Pass { key, payload, ... }.');
  return {
    topic,
    key: keyBytes(topic, message.key),
    payload: payloadBytes(topic, message.payload),
    headers: headersJson(topic, message.headers, traceparent),
    partition: int32(topic, 'partition', message.partition),
    messageId: messageId(topic, message.messageId),
    schemaId: int32(topic, 'schemaId', message.schemaId),
  };
}

/** Bytes that a row needs on its way to the database, roughly. */
export function rowBytes(row: MessageRow): number {
  return (row.key?.length ?? 0) + (row.payload?.length ?? 0) + (row.headers?.length ?? 0) + row.topic.length + 64;
}

function keyBytes(topic: string, key: string | Uint8Array | null | undefined): Buffer | null {
  if (key === undefined || key === null) return null;
  if (key instanceof Uint8Array) return bufferOf(key);
  // A lone surrogate would become the replacement character, and different keys one.
  if (typeof key !== 'string' || !isWellFormed(key)) {
    throw new TidemarkError(
      'KEY_INVALID',
      `message for topic ${topic}: the key is neither well-formed text nor a Buffer`,
      {
        context: { topic },
        remedy: 'Use a string (for a number: String(id)) or a Buffer.',
      },
    );
  }
  return Buffer.from(key, 'utf8');
}

function payloadBytes(topic: string, payload: unknown): Buffer | null {
  if (payload === null) return null;
  if (payload instanceof Uint8Array) return bufferOf(payload);
  let text: string | undefined;
  try {
    text = JSON.stringify(payload);
  } catch (error) {
    throw new TidemarkError(
      'MESSAGE_INVALID',
      `message for topic ${topic}: the payload is not JSON: ${(error as Error).message}`,
      {
        context: { topic },
        cause: error,
        remedy: 'Send bigints as strings and no cycles, or encode the payload and pass a Buffer.',
      },
    );
  }
  if (text === undefined)
    invalid(topic, `has a payload of type ${typeof payload}`, 'Pass a JSON value, a Buffer, or null for a tombstone.');
  return Buffer.from(text, 'utf8');
}

function messageId(topic: string, id: string | undefined): string | null {
  if (id === undefined) return null;
  if (!UUID.test(id)) invalid(topic, 'has a messageId that is not a UUID', 'Leave messageId out, or pass a UUID.');
  return id;
}

function int32(topic: string, field: 'partition' | 'schemaId', value: number | undefined): number | null {
  if (value === undefined) return null;
  if (!Number.isInteger(value) || value < 0 || value > INT32_MAX) {
    invalid(
      topic,
      `has a ${field} that is not a whole number from 0 on`,
      `Pass a whole number as ${field}, or leave it out.`,
    );
  }
  return value;
}

function invalid(topic: string, what: string, remedy: string): never {
  throw new TidemarkError('MESSAGE_INVALID', `message for topic ${topic} ${what}`, { context: { topic }, remedy });
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
