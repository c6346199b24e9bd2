import type { Comparer } from './comparer.ts';
import type { Child } from './shape.ts';

/** Compares schemas that may be missing on either side; a missing one lets everything pass. */
export function compareOptional(
  writer: Child | undefined,
  reader: Child | undefined,
  path: string,
  comparer: Comparer,
): void {
  if (writer === undefined && reader === undefined) return;
  if (reader === undefined) comparer.add('SCHEMA_REMOVED', path);
  else if (writer !== undefined) comparer.compare(writer(), reader(), path);
  else if (reader().kind !== 'any') comparer.add('SCHEMA_ADDED', path);
}
