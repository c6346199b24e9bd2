import type { Terminal } from '../terminal.ts';
import { type Column, renderTable } from './table.ts';

/** One JSON document, indented. 64-bit numbers are text already; a bigint of our own becomes it. */
export function printJson(terminal: Terminal, document: unknown): Promise<void> {
  return terminal.print(JSON.stringify(document, bigintAsText, 2));
}

/** One JSON document on one line. */
export function printJsonLine(terminal: Terminal, document: unknown): Promise<void> {
  return terminal.print(JSON.stringify(document, bigintAsText));
}

/** A table, or a sentence when there is nothing in it. */
export function printTable(
  terminal: Terminal,
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  whenEmpty: string,
): Promise<void> {
  if (rows.length === 0) return terminal.print(whenEmpty);
  return terminal.print(renderTable(columns, rows, { columns: terminal.columns, colour: terminal.colour }));
}

const bigintAsText = (_key: string, value: unknown): unknown => (typeof value === 'bigint' ? value.toString() : value);
