import type { ExtensionRanges, NumberRange, Reserved } from '../ast/ranges.ts';
import { parseInlineOptions } from './parse-option.ts';
import type { TokenStream } from './token-stream.ts';

/** `reserved 1, 3 to 5;` or `reserved "a", "b";`, negative numbers in enums. */
export function parseReserved(stream: TokenStream): Reserved {
  stream.countNode();
  const at = stream.at();
  stream.expect('reserved');
  const values: (string | NumberRange)[] = [];
  do {
    const { kind } = stream.peek();
    if (kind === 'string') values.push(stream.string('a reserved name'));
    else if (kind === 'identifier') values.push(stream.identifier('a reserved name'));
    else values.push(parseRange(stream));
  } while (stream.take(','));
  stream.expect(';');
  return { values, at };
}

/** `extensions 100 to 199, 500 to max [options];` */
export function parseExtensionRanges(stream: TokenStream): ExtensionRanges {
  stream.countNode();
  const at = stream.at();
  stream.expect('extensions');
  const ranges: NumberRange[] = [];
  do ranges.push(parseRange(stream));
  while (stream.take(','));
  const options = parseInlineOptions(stream);
  stream.expect(';');
  return { ranges, options, at };
}

function parseRange(stream: TokenStream): NumberRange {
  stream.countNode();
  const from = stream.int32('a number', { signed: true });
  if (!stream.take('to')) return { from, to: from };
  const to = stream.take('max') ? 'max' : stream.int32("a number or 'max'", { signed: true });
  return to === from ? { from, to, writtenAsRange: true } : { from, to };
}
