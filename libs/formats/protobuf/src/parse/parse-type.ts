import { type FieldType, isScalarType, type SingularType } from '../ast/field.ts';
import { schemaInvalid } from '../errors.ts';
import type { TokenStream } from './token-stream.ts';

/** The type of a field as written: a scalar, a name, or `map<key, value>`. */
export function parseType(stream: TokenStream): FieldType {
  if (!stream.looksAt('map') || stream.peekSecond().text !== '<') return parseSingularType(stream);
  stream.next();
  stream.expect('<');
  const at = stream.at();
  const key = parseSingularType(stream);
  if (key.kind !== 'scalar') throw schemaInvalid(`The key of a map cannot be of type ${key.name}`, at);
  stream.expect(',');
  const value = parseSingularType(stream);
  stream.expect('>');
  return { kind: 'map', key: key.name, value };
}

function parseSingularType(stream: TokenStream): SingularType {
  const name = stream.dottedName('a type', { leadingDot: true });
  return isScalarType(name) ? { kind: 'scalar', name } : { kind: 'named', name };
}
