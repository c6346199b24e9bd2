import { type JsonNode, member } from '#libs/formats/json-text';
import { type Draft, isSince } from '../draft.ts';
import { parenthesized } from './literal-type.ts';
import type { WriteType } from './write-type.ts';

/** An array, or a tuple whose places beyond `minItems` may be missing. */
export function arrayType(node: JsonNode, indent: string, draft: Draft, write: WriteType): string {
  const items = member(node, 'items');
  const prefix = isSince(draft, '2020-12') ? member(node, 'prefixItems') : items;
  if (prefix?.kind !== 'array') return items === undefined ? 'unknown[]' : `${parenthesized(write(items, indent))}[]`;
  const least = member(node, 'minItems');
  const needed = least?.kind === 'number' ? Number(least.text) : 0;
  const places = prefix.items.map((item, index) => {
    const type = write(item, indent);
    return index < needed ? type : `${parenthesized(type)}?`;
  });
  const rest = isSince(draft, '2020-12') ? items : member(node, 'additionalItems');
  const isClosed = rest?.kind === 'boolean' && !rest.value;
  if (!isClosed) places.push(`...${rest === undefined ? 'unknown' : parenthesized(write(rest, indent))}[]`);
  return `[${places.join(', ')}]`;
}
