import { PayloadMismatch, type ValuePath } from '../payload-mismatch.ts';

/** Deeper values are refused; JSON.stringify and validation recurse, too. */
const DEPTH_MAX = 1_000;

/** What has to be thought of when a value becomes JSON text; several at once are added. */
export const PLAIN = 0;
/** Some number is a bigint. */
export const HAS_BIGINT = 1;
/** Some object says with toJSON what it is in JSON, as Date does. */
export const HAS_TO_JSON = 2;
const LOSES = 4;

/**
 * Whether JSON says the same as the value: PLAIN, or what stands in the way. Members that are undefined are absent from the
 * text and allowed. Throws PayloadMismatch where something would be lost: NaN and infinite numbers, functions, symbols, Map,
 * Set, undefined in an array.
 */
export function jsonTraits(value: unknown): number {
  const traits = traitsOf(value, 0);
  return (traits & LOSES) === 0 ? traits : exactTraits(value, [], []);
}

/** Whether JSON says the same as the value, with nothing to be thought of. Never throws. */
export function isPlainJson(value: unknown): boolean {
  return traitsOf(value, 0) === PLAIN;
}

/** The value with bigints as the nearest numbers, for validation, which knows numbers only. */
export function withNumbers(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(withNumbers);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withNumbers(member)]));
}

function traitsOf(value: unknown, depth: number): number {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return PLAIN;
    case 'number':
      return Number.isFinite(value) ? PLAIN : LOSES;
    case 'bigint':
      return HAS_BIGINT;
    case 'object':
      return value === null ? PLAIN : traitsOfObject(value, depth + 1);
    default:
      return LOSES;
  }
}

function traitsOfObject(value: object, depth: number): number {
  if (depth > DEPTH_MAX) return LOSES;
  let traits = PLAIN;
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index += 1) traits |= traitsOf(value[index], depth);
    return traits;
  }
  if (Object.getPrototypeOf(value) !== Object.prototype) {
    const special = traitsOfInstance(value);
    if (special !== PLAIN) return special;
  }
  for (const name in value) {
    const member = (value as Record<string, unknown>)[name];
    if (typeof member !== 'string' && member !== undefined) traits |= traitsOf(member, depth);
  }
  return traits;
}

function traitsOfInstance(value: object): number {
  if (value instanceof Uint8Array) return LOSES;
  if (typeof (value as { toJSON?: unknown }).toJSON === 'function') return HAS_TO_JSON;
  return Object.prototype.toString.call(value) === '[object Object]' ? PLAIN : LOSES;
}

/**
 * The same with care, where something may be lost: inherited members do not count, and the path of what does is known. The
 * common case does not pay for that.
 */
function exactTraits(value: unknown, path: ValuePath, above: readonly object[]): number {
  if (typeof value !== 'object' || value === null) {
    if ((traitsOf(value, 0) & LOSES) !== 0) throw new PayloadMismatch(path, 'JSON has no such value', value);
    return traitsOf(value, 0);
  }
  if (above.length > DEPTH_MAX || above.includes(value)) {
    throw new PayloadMismatch(path.slice(0, 10), 'is nested too deep, or in itself', value);
  }
  if (!Array.isArray(value)) {
    const special = traitsOfInstance(value);
    if ((special & LOSES) !== 0) throw new PayloadMismatch(path, 'JSON has no such value', value);
    if (special !== PLAIN) return special;
  }
  const members: (readonly [string | number, unknown])[] = Array.isArray(value)
    ? value.map((item, index) => [index, item] as const)
    : Object.entries(value).filter(([, member]) => member !== undefined);
  return members.reduce(
    (traits, [name, member]) => traits | exactTraits(member, [...path, name], [...above, value]),
    PLAIN,
  );
}
