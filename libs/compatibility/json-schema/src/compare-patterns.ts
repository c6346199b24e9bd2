import type { Comparer } from './comparer.ts';
import { matchesName } from './match-name.ts';
import type { ObjectShape, Shape } from './shape.ts';

/**
 * Properties declared by a pattern of their names. Patterns are compared as text; of a new one it is asked whether all that
 * the writer may send under any name fits it, since which names two patterns share is not worked out.
 */
export function comparePatterns(writer: ObjectShape, reader: ObjectShape, comparer: Comparer): void {
  for (const [pattern, to] of reader.patterns) {
    const from = writer.patterns.get(pattern);
    const path = `patternProperties/${pattern}`;
    if (from !== undefined) comparer.compare(from(), to(), path);
    else if (!isCovered(pattern, to(), writer, comparer)) comparer.add('ADDITIONAL_PROPERTIES_NARROWED', path);
  }
  for (const [pattern, from] of writer.patterns) {
    if (!reader.patterns.has(pattern)) compareRemoved(pattern, from(), reader, comparer);
  }
}

function isCovered(pattern: string, to: Shape, writer: ObjectShape, comparer: Comparer): boolean {
  const fits = (from: Shape): boolean => comparer.attempt(from, to).compatible;
  if (to.kind === 'any') return true;
  const { additional } = writer;
  if (additional === true || (additional !== false && !fits(additional()))) return false;
  if (![...writer.patterns.values()].every((from) => fits(from()))) return false;
  return [...writer.properties].every(([name, from]) => matchesName(pattern, name) === false || fits(from()));
}

function compareRemoved(pattern: string, from: Shape, { additional }: ObjectShape, comparer: Comparer): void {
  const path = `patternProperties/${pattern}`;
  if (additional === true) comparer.add('PROPERTY_REMOVED_FROM_OPEN_CONTENT_MODEL', path);
  else if (additional === false) {
    const isImpossible = from.kind === 'never';
    comparer.add(
      isImpossible
        ? 'PROPERTY_WITH_FALSE_REMOVED_FROM_CLOSED_CONTENT_MODEL'
        : 'PROPERTY_REMOVED_FROM_CLOSED_CONTENT_MODEL',
      path,
    );
  } else {
    const isCovered = comparer.attempt(from, additional()).compatible;
    comparer.add(
      isCovered
        ? 'PROPERTY_REMOVED_IS_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL'
        : 'PROPERTY_REMOVED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL',
      path,
    );
  }
}
