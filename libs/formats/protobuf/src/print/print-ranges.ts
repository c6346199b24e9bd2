import type { ExtensionRanges, NumberRange, Reserved } from '../ast/ranges.ts';
import { printWithOptions } from './print-option.ts';
import { quoteName } from './quote.ts';
import type { TextOutput } from './text-output.ts';

/** The highest number of a field. Confluent prints it as `max`, in enums too. */
const FIELD_NUMBER_MAX = 536_870_911;

export function printReserved(out: TextOutput, depth: number, { values }: Reserved): void {
  const texts = values.map((value) => (typeof value === 'string' ? quoteName(value) : rangeText(value)));
  out.line(depth, `reserved ${texts.join(', ')};`);
}

export function printExtensionRanges(out: TextOutput, depth: number, { ranges, options }: ExtensionRanges): void {
  printWithOptions(out, depth, `extensions ${ranges.map(rangeText).join(', ')}`, options);
}

function rangeText({ from, to, writtenAsRange }: NumberRange): string {
  if (from === to && writtenAsRange !== true) return `${from}`;
  return `${from} to ${to === FIELD_NUMBER_MAX ? 'max' : to}`;
}
