import { createHash } from 'node:crypto';

function canonical(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(canonical);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return entries.map(([key, entry]) => [key, canonical(entry)]);
}

/** A digest of what a request asks for: equal for equal values, whatever the order of their keys. */
export function requestFingerprint(operation: string, query: unknown, body: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify([operation, canonical(query ?? null), canonical(body ?? null)]))
    .digest('hex');
}
