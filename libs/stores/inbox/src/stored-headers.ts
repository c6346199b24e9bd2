import { isUtf8 } from 'node:buffer';
import type { ParkedHeader } from './parked.ts';

type StoredText = string | { readonly base64: string };

/** A header as outbox.message keeps it: text, null, or bytes in base64. Here a name may be bytes too. */
export type StoredHeader = readonly [name: StoredText, value: StoredText | null];

/** Exact for every header of every producer: text that jsonb cannot hold (NUL) is kept as bytes. Null without headers. */
export function storedHeaders(headers: readonly ParkedHeader[]): StoredHeader[] | null {
  if (headers.length === 0) return null;
  return headers.map(([name, value]) => [storedText(Buffer.from(name)), value === null ? null : storedText(value)]);
}

export function parkedHeaders(stored: readonly StoredHeader[] | null): ParkedHeader[] {
  return (stored ?? []).map(([name, value]) => [bytesOf(name).toString(), value === null ? null : bytesOf(value)]);
}

function storedText(bytes: Buffer): StoredText {
  return isUtf8(bytes) && !bytes.includes(0) ? bytes.toString() : { base64: bytes.toString('base64') };
}

function bytesOf(stored: StoredText): Buffer {
  return typeof stored === 'string' ? Buffer.from(stored) : Buffer.from(stored.base64, 'base64');
}
