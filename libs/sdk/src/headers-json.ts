import { TidemarkError } from '#libs/foundation/kernel';
import type { Headers, HeaderValue } from './message.ts';
import { isWellFormed } from './well-formed.ts';

type JsonPair = [name: string, value: string | null | { base64: string }];

/**
 * Headers as the JSON text that the database stores: an array of [name, value] pairs in the order given, duplicates kept,
 * bytes as {"base64": "..."}. `traceparent` is added unless the message brings its own. Throws HEADERS_INVALID.
 */
export function headersJson(
  topic: string,
  headers: Headers | undefined,
  traceparent: string | undefined,
): string | null {
  const pairs = pairsOf(topic, headers).map(([name, value]): JsonPair => [
    checkedName(topic, name),
    jsonValue(topic, name, value),
  ]);
  if (
    traceparent !== undefined &&
    traceparent !== '' &&
    !pairs.some(([name]) => name.toLowerCase() === 'traceparent')
  ) {
    pairs.push(['traceparent', jsonValue(topic, 'traceparent', traceparent)]);
  }
  return pairs.length === 0 ? null : JSON.stringify(pairs);
}

function pairsOf(topic: string, headers: Headers | undefined): readonly (readonly [string, HeaderValue])[] {
  if (headers === undefined || headers === null) return [];
  if (typeof headers !== 'object') refuse(topic, 'are neither an object nor an array of pairs');
  if (!isPairs(headers)) return Object.entries(headers);
  for (const pair of headers) {
    if (!Array.isArray(pair) || pair.length !== 2) refuse(topic, 'have an entry that is not a [name, value] pair');
  }
  return headers;
}

function isPairs(headers: Headers): headers is readonly (readonly [string, HeaderValue])[] {
  return Array.isArray(headers);
}

function checkedName(topic: string, name: unknown): string {
  if (typeof name !== 'string' || !storable(name)) refuse(topic, 'have a name that is not well-formed text');
  return name;
}

function jsonValue(topic: string, name: string, value: unknown): JsonPair[1] {
  if (value === null) return null;
  if (value instanceof Uint8Array) return { base64: Buffer.from(value).toString('base64') };
  if (typeof value !== 'string') refuse(topic, `have a value of type ${typeof value} for ${name}`);
  if (!storable(value)) refuse(topic, `have a value for ${name} that is not well-formed text`);
  return value;
}

/** Postgres' jsonb has no place for NUL and lone surrogates. */
function storable(text: string): boolean {
  return isWellFormed(text) && !text.includes('\0');
}

function refuse(topic: string, what: string): never {
  throw new TidemarkError('HEADERS_INVALID', `message for topic ${topic}: the headers ${what}`, {
    context: { topic },
    remedy: 'Use an object or [name, value] pairs; a value is a string, a Buffer (for any other bytes) or null.',
  });
}
