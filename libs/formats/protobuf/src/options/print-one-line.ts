import type { OptionValue } from '../ast/option.ts';
import { quote, quoteBytes } from '../print/quote.ts';

/** A value on one line; the outer braces of an aggregate are left out, as an uninterpreted option has it. */
export function printOneLine(value: OptionValue): string {
  return value.kind === 'message' ? inner(value) : text(value);
}

function inner(value: Extract<OptionValue, { kind: 'message' }>): string {
  return value.fields.map((field) => `${field.name}: ${text(field.value)}`).join(' ');
}

function text(value: OptionValue): string {
  switch (value.kind) {
    case 'string':
      return quote(value.value);
    case 'bytes':
      return quoteBytes(value.latin1);
    case 'number':
      return value.text;
    case 'identifier':
      return value.name;
    case 'message':
      return `{ ${inner(value)} }`;
    default:
      return `[${value.values.map(text).join(', ')}]`;
  }
}
