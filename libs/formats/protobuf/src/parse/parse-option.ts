import type { AggregateField, Option, OptionNamePart, OptionValue } from '../ast/option.ts';
import type { TokenStream } from './token-stream.ts';
import { utf8Text } from './string-literal.ts';

/** `option name = value;`, from the word `option` on. */
export function parseOptionStatement(stream: TokenStream): Option {
  stream.expect('option');
  const option = parseOption(stream);
  stream.expect(';');
  return option;
}

/** `[a = 1, (b).c = 2]` if it comes next. */
export function parseInlineOptions(stream: TokenStream): Option[] {
  const options: Option[] = [];
  if (!stream.take('[')) return options;
  do options.push(parseOption(stream));
  while (stream.take(','));
  stream.expect(']');
  return options;
}

function parseOption(stream: TokenStream): Option {
  stream.countNode();
  const at = stream.at();
  const name = [parseNamePart(stream)];
  while (stream.take('.')) name.push(parseNamePart(stream));
  stream.expect('=');
  return { name, value: parseOptionValue(stream), at };
}

function parseNamePart(stream: TokenStream): OptionNamePart {
  if (!stream.take('(')) return { name: stream.identifier('the name of an option'), extension: false };
  const name = stream.dottedName('the name of an option', { leadingDot: true });
  stream.expect(')');
  return { name, extension: true };
}

function parseOptionValue(stream: TokenStream): OptionValue {
  stream.countNode();
  const token = stream.peek();
  if (token.kind === 'string') return stringValue(stream.stringBytes('a value'));
  if (token.kind === 'identifier') return { kind: 'identifier', name: stream.next().text };
  if (stream.looksAt('{') || stream.looksAt('<')) return stream.nested(() => parseAggregate(stream));
  if (stream.looksAt('[')) return stream.nested(() => parseList(stream));
  const sign = stream.take('-') ? '-' : '';
  const { kind, text } = stream.peek();
  if (kind === 'integer' || kind === 'float' || (sign === '-' && /^(?:inf|infinity|nan)$/.test(text))) {
    return { kind: 'number', text: sign + stream.next().text };
  }
  throw stream.unexpected('a value');
}

function stringValue(bytes: Buffer): OptionValue {
  const value = utf8Text(bytes);
  return value === undefined ? { kind: 'bytes', latin1: bytes.toString('latin1') } : { kind: 'string', value };
}

function parseAggregate(stream: TokenStream): OptionValue {
  const end = stream.next().text === '{' ? '}' : '>';
  const fields: AggregateField[] = [];
  while (!stream.take(end)) {
    fields.push(parseAggregateField(stream));
    if (!stream.take(',')) stream.take(';');
  }
  return { kind: 'message', fields };
}

function parseAggregateField(stream: TokenStream): AggregateField {
  let name: string;
  if (stream.take('[')) {
    name = stream.dottedName('a name', { leadingDot: true });
    while (stream.take('/')) name += `/${stream.dottedName('a name')}`;
    stream.expect(']');
    name = `[${name}]`;
  } else name = stream.identifier("a name or '}'");
  // Before a message the colon may be missing.
  if (!stream.looksAt('{') && !stream.looksAt('<')) stream.expect(':');
  return { name, value: parseOptionValue(stream) };
}

function parseList(stream: TokenStream): OptionValue {
  stream.expect('[');
  const values: OptionValue[] = [];
  if (!stream.looksAt(']')) {
    do values.push(parseOptionValue(stream));
    while (stream.take(','));
  }
  stream.expect(']');
  return { kind: 'list', values };
}
