import type { Comparer } from './comparer.ts';
import { compareRemoved } from './compare-properties.ts';
import { matches, restSent, restTaken } from './content-model.ts';
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
    if (reader.patterns.has(pattern)) continue;
    const rest = restTaken(reader);
    const governing = typeof rest === 'boolean' ? rest : [rest];
    compareRemoved('PROPERTY', from(), governing, `patternProperties/${pattern}`, comparer);
  }
}

function isCovered(pattern: string, to: Shape, writer: ObjectShape, comparer: Comparer): boolean {
  const fits = (from: Shape): boolean => comparer.attempt(from, to).compatible;
  if (to.kind === 'any') return true;
  const rest = restSent(writer);
  if (rest === true || (rest !== false && !fits(rest()))) return false;
  if (![...writer.patterns.values()].every((from) => fits(from()))) return false;
  return [...writer.properties].every(([name, from]) => matches(pattern, name, comparer) === false || fits(from()));
}
