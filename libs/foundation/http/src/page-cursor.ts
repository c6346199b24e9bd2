import type { z } from 'zod';
import { requestInvalid } from './field-problems.ts';

/** Makes a cursor of the place where a page ended. Opaque to callers, so that its content may change. */
export function encodeCursor(place: unknown): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

/** Reads a cursor back. Throws REQUEST_INVALID for one that this endpoint did not make. */
export function decodeCursor<T extends z.ZodType>(cursor: string, schema: T): z.output<T> {
  let place: unknown;
  try {
    place = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    throw requestInvalid([{ field: 'query.cursor', message: 'not a cursor of this endpoint' }]);
  }
  const parsed = schema.safeParse(place);
  if (parsed.success) return parsed.data;
  throw requestInvalid([{ field: 'query.cursor', message: 'not a cursor of this endpoint' }]);
}
