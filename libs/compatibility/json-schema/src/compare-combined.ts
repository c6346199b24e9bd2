import { matchParts } from './match-parts.ts';
import type { Comparer } from './comparer.ts';
import type { CombinedShape, Shape } from './shape.ts';

/** Both combine schemas: how they do it, how many there are, and whether each finds a partner that it is compatible with. */
export function compareCombined(writer: CombinedShape, reader: CombinedShape, comparer: Comparer): void {
  if (writer.criterion !== reader.criterion) {
    if (!isLooser(writer, reader)) {
      comparer.add('COMBINED_TYPE_CHANGED');
      return;
    }
    comparer.add('COMBINED_TYPE_EXTENDED');
  }
  const [from, to] = [writer.parts.length, reader.parts.length];
  if (from < to) comparer.add(reader.criterion === 'allOf' ? 'PRODUCT_TYPE_EXTENDED' : 'SUM_TYPE_EXTENDED');
  if (from > to) comparer.add(writer.criterion === 'allOf' ? 'PRODUCT_TYPE_NARROWED' : 'SUM_TYPE_NARROWED');
  const writers = writer.parts.map((part) => part());
  const readers = reader.parts.map((part) => part());
  // From all to some it is enough that one of the reader's schemas accepts what one of the writer's does.
  const partnersWanted = writer.criterion === 'allOf' && reader.criterion !== 'allOf' ? 1 : Math.min(from, to);
  const { matches, because } = matchParts(writers, readers, comparer);
  if (matches.length < partnersWanted) {
    comparer.add('COMBINED_TYPE_SUBSCHEMAS_CHANGED', undefined, because);
  }
  for (const { writer: index, attempt } of matches) {
    comparer.take(attempt, writer.implied ? undefined : `${writer.criterion}/${index}`);
  }
}

/** Whether the way of combining lets more pass: any of them, or a single schema however it is wrapped. */
function isLooser(writer: CombinedShape, reader: CombinedShape): boolean {
  if (reader.criterion === 'anyOf') return true;
  const fromOne = writer.parts.length === 1;
  return reader.criterion === 'oneOf' ? fromOne : fromOne && reader.parts.length === 1;
}

/** A schema that became one of several, or was wrapped. */
export function compareToCombined(writer: Shape, reader: CombinedShape, comparer: Comparer): void {
  const only = reader.parts.length === 1 ? reader.parts[0] : undefined;
  if (only !== undefined) {
    comparer.compare(writer, only(), reader.implied ? undefined : `${reader.criterion}/0`);
    return;
  }
  if (reader.criterion !== 'allOf') {
    for (const [index, part] of reader.parts.entries()) {
      const attempt = comparer.attempt(writer, part());
      if (attempt.compatible) {
        comparer.take(attempt, reader.implied ? undefined : `${reader.criterion}/${index}`);
        comparer.add('SUM_TYPE_EXTENDED');
        return;
      }
    }
  }
  comparer.add('TYPE_CHANGED');
}

/** Several schemas of which one is left, or one that was unwrapped. */
export function compareFromCombined(writer: CombinedShape, reader: Shape, comparer: Comparer): void {
  const only = writer.parts.length === 1 ? writer.parts[0] : undefined;
  if (only !== undefined) {
    comparer.compare(only(), reader, writer.implied ? undefined : `${writer.criterion}/0`);
    return;
  }
  if (writer.criterion === 'allOf') {
    for (const [index, part] of writer.parts.entries()) {
      const attempt = comparer.attempt(part(), reader);
      if (attempt.compatible) {
        comparer.take(attempt, writer.implied ? undefined : `${writer.criterion}/${index}`);
        comparer.add('PRODUCT_TYPE_NARROWED');
        return;
      }
    }
  }
  comparer.add('TYPE_CHANGED');
}
