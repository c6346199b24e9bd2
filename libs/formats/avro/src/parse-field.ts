import { type JsonNode, type JsonObject, member, printJson, stringMember } from '#libs/formats/json-text';
import type { AvroType, FieldOrder, RecordField } from './avro-type.ts';
import { invalidSchema } from './invalid-schema.ts';
import { doubleValue, jacksonValue } from './jackson-value.ts';

import { checkName } from './name.ts';
import { parseJavaDouble } from './parse-java-double.ts';
import type { Place } from './place.ts';
import { propertiesOf } from './properties.ts';
import { writtenAliases } from './written-aliases.ts';

const ORDERS: readonly string[] = ['ascending', 'descending', 'ignore'] satisfies FieldOrder[];

/** Reads a field of a record. Its type may be filled in later. */
export function parseField(node: JsonNode, at: Place): RecordField {
  if (node.kind !== 'object') throw invalidSchema(`a field is an object, not ${node.kind}`, at.path);
  const name = stringMember(node, 'name');
  if (name === undefined) throw invalidSchema('a field without a "name" that is a string', at.path);
  const typeNode = member(node, 'type');
  if (typeNode === undefined) throw invalidSchema(`the field ${JSON.stringify(name)} has no "type"`, at.path);
  const doc = stringMember(node, 'doc');
  const fallback = member(node, 'default');
  const field: Record<string, unknown> = {
    name: checkName(name, at.path),
    ...(doc === undefined ? {} : { doc }),
    ...(fallback === undefined ? {} : { default: jacksonValue(fallback) }),
    order: orderOf(node, at.path),
    aliases: writtenAliases(node, at.path),
    properties: propertiesOf(node, 'field'),
  };
  at.readType(typeNode, { ...at, path: `${at.path}/type` }, (type) => {
    field['type'] = type;
    if (fallback?.kind === 'string') field['default'] = textDefault(fallback, type, at.path);
  });
  return field as unknown as RecordField;
}

/** A float or double may have its default as a text, which is how NaN and the infinities are written. */
function textDefault(fallback: JsonNode & { kind: 'string' }, type: AvroType, path: string): JsonNode {
  if (type.kind !== 'float' && type.kind !== 'double') return fallback;
  const value = parseJavaDouble(fallback.value);
  if (value === undefined) throw invalidSchema(`the default ${JSON.stringify(fallback.value)} is not a number`, path);
  return doubleValue(value);
}

function orderOf(node: JsonObject, path: string): FieldOrder {
  const written = member(node, 'order');
  if (written === undefined) return 'ascending';
  const order = written.kind === 'string' ? written.value.toLowerCase() : '';
  if (ORDERS.includes(order)) return order as FieldOrder;
  throw invalidSchema(`"order" is ${ORDERS.join(', ')}, not ${printJson(written)}`, path);
}
