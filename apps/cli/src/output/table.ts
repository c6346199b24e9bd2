import { styleText } from 'node:util';
import { cut, widthOf } from './cut.ts';
import { printable } from './printable.ts';

export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
}

export interface TableOptions {
  /** Width that is not exceeded; undefined: as wide as need be. */
  readonly columns?: number;
  readonly colour?: boolean;
}

const GAP = '  ';
/** A column is not made narrower than this for the sake of others. */
const NARROWEST = 8;

/** Aligned columns under their titles. Where the width does not suffice, the widest columns are cut first. */
export function renderTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  options: TableOptions = {},
) {
  const cells = rows.map((row) => columns.map((_, index) => printable(row[index] ?? '')));
  const natural = columns.map(({ title }, index) =>
    Math.max(widthOf(title), ...cells.map((row) => widthOf(row[index] ?? ''))),
  );
  const widths = options.columns === undefined ? natural : narrowed(natural, options.columns);
  const line = (row: readonly string[]): string => {
    const text = row.map((cell, index) => aligned(cell, widths[index] ?? 0, columns[index]?.align)).join(GAP);
    return options.columns === undefined ? text.trimEnd() : cut(text.trimEnd(), options.columns);
  };
  const titles = line(columns.map(({ title }) => title));
  const head = options.colour === true ? styleText('bold', titles, { validateStream: false }) : titles;
  return [head, ...cells.map(line)].join('\n');
}

function narrowed(natural: readonly number[], total: number): number[] {
  const widths = [...natural];
  let excess = widths.reduce((sum, width) => sum + width, GAP.length * (widths.length - 1)) - total;
  while (excess > 0) {
    const widest = widths.indexOf(Math.max(...widths));
    const second = Math.max(NARROWEST, ...widths.filter((_, index) => index !== widest));
    const step = Math.min(excess, Math.max(1, (widths[widest] ?? 0) - second));
    if ((widths[widest] ?? 0) - step < NARROWEST) break;
    widths[widest] = (widths[widest] ?? 0) - step;
    excess -= step;
  }
  return widths;
}

function aligned(text: string, width: number, align: Column['align']): string {
  const shown = cut(text, width);
  const room = ' '.repeat(Math.max(0, width - widthOf(shown)));
  return align === 'right' ? room + shown : shown + room;
}
