import type { ExtensionRanges, NumberRange, Reserved } from '../ast/ranges.ts';
import { ascending } from './ascending.ts';

/** One statement per number, range or name: numbers ascending, then names. */
export function normalReserved(statements: readonly Reserved[]): Reserved[] {
  const values = statements.flatMap((statement) => statement.values);
  const ranges = values.filter((value): value is NumberRange => typeof value !== 'string').map(plainRange);
  const names = values.filter((value): value is string => typeof value === 'string');
  return [...ranges.sort((a, b) => a.from - b.from), ...names.sort(ascending)].map((value) => ({ values: [value] }));
}

/** One statement per range, ascending. */
export function normalExtensionRanges(statements: readonly ExtensionRanges[]): ExtensionRanges[] {
  return statements
    .flatMap(({ ranges, options }) => ranges.map((range) => ({ range: plainRange(range), options })))
    .sort((a, b) => a.range.from - b.range.from)
    .map(({ range, options }) => ({ ranges: [range], options }));
}

function plainRange({ from, to }: NumberRange): NumberRange {
  return { from, to };
}
