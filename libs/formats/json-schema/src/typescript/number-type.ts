import { type JsonNode, member } from '#libs/formats/json-text';

/** What a number is that may be beyond 2^53: decoding keeps such whole numbers exact, as bigint. */
export const EXACT_NUMBER = 'number | bigint';

/** `number` where the schema's bounds keep every value within ±(2^53 - 1), else also `bigint`. */
export function numberType(node: JsonNode): string {
  const upper = Math.min(bound(node, 'maximum', 0) ?? Infinity, bound(node, 'exclusiveMaximum', -1) ?? Infinity);
  const lower = Math.max(bound(node, 'minimum', 0) ?? -Infinity, bound(node, 'exclusiveMinimum', 1) ?? -Infinity);
  return lower >= Number.MIN_SAFE_INTEGER && upper <= Number.MAX_SAFE_INTEGER ? 'number' : EXACT_NUMBER;
}

/** The last whole number that a bound lets in. In draft 4 the exclusive ones are booleans, and say nothing by themselves. */
function bound(node: JsonNode, keyword: string, step: number): number | undefined {
  const value = member(node, keyword);
  return value?.kind === 'number' ? Number(value.text) + step : undefined;
}
