import type { JsonObject } from '#libs/formats/json-text';
import type { Properties } from './avro-type.ts';
import { jacksonValue } from './jackson-value.ts';

/** Members that Java keeps from becoming properties: of every type alike, of an enum, and of a field. */
const TYPE = 'doc fields items name namespace size symbols values type aliases'.split(' ');
const RESERVED = {
  type: new Set(TYPE),
  enum: new Set([...TYPE, 'default']),
  field: new Set('default doc name order type aliases'.split(' ')),
} as const;

export const NO_PROPERTIES: Properties = new Map();

/** The members that Avro gives no meaning to, in order. */
export function propertiesOf(node: JsonObject, of: keyof typeof RESERVED): Properties {
  const own = node.members.filter(({ name }) => !RESERVED[of].has(name));
  if (own.length === 0) return NO_PROPERTIES;
  return new Map(own.map(({ name, value }) => [name, jacksonValue(value)]));
}
