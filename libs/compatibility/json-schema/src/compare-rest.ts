import type { Comparer } from './comparer.ts';
import type { Rest } from './shape.ts';

/** What may stand besides the declared properties or items. */
export function compareRest(
  what: 'ADDITIONAL_PROPERTIES' | 'ADDITIONAL_ITEMS',
  writer: Rest,
  reader: Rest,
  path: string,
  comparer: Comparer,
): void {
  if (writer === reader) return;
  if (writer === false) comparer.add(`${what}_ADDED`, path);
  else if (reader === false) comparer.add(`${what}_REMOVED`, path);
  else if (reader === true) comparer.add(`${what}_EXTENDED`, path);
  else if (writer !== true) comparer.compare(writer(), reader(), path);
  else if (reader().kind !== 'any') comparer.add(`${what}_NARROWED`, path);
}
