import type { Enum, EnumValue } from '../ast/enum.ts';
import type { Reserved } from '../ast/ranges.ts';
import type { Option } from '../ast/option.ts';
import { parseInlineOptions, parseOptionStatement } from './parse-option.ts';
import { parseReserved } from './parse-ranges.ts';
import type { TokenStream } from './token-stream.ts';

/** `enum Name { … }` */
export function parseEnum(stream: TokenStream): Enum {
  stream.countNode();
  const at = stream.at();
  stream.expect('enum');
  const name = stream.identifier('the name of an enum');
  const options: Option[] = [];
  const reserved: Reserved[] = [];
  const values: EnumValue[] = [];
  stream.expect('{');
  while (!stream.take('}')) {
    if (stream.take(';')) continue;
    if (stream.looksAt('option') && stream.peekSecond().text !== '=') options.push(parseOptionStatement(stream));
    else if (stream.looksAt('reserved') && stream.peekSecond().text !== '=') reserved.push(parseReserved(stream));
    else values.push(parseEnumValue(stream));
  }
  return { kind: 'enum', name, options, reserved, values, at };
}

function parseEnumValue(stream: TokenStream): EnumValue {
  stream.countNode();
  const at = stream.at();
  const name = stream.identifier('the name of an enum value');
  stream.expect('=');
  const number = stream.int32('the number of an enum value', { signed: true });
  const options = parseInlineOptions(stream);
  stream.expect(';');
  return { name, number, options, at };
}
