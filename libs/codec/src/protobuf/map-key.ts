import { type Scalar, SCALARS, VERIFIED_STRING } from './scalar.ts';

/** How the keys of a map, which JavaScript keeps as text, are read and written. */
export interface MapKey {
  readonly scalar: Scalar;
  readonly text: (this: void, key: unknown) => string;
  /** The key of a text; the scalar refuses what is none. */
  readonly of: (this: void, text: string) => unknown;
}

export function mapKey(type: string): MapKey {
  const scalar = type === 'string' ? VERIFIED_STRING : (SCALARS[type] as Scalar);
  if (type === 'string') return { scalar, text: (key) => key as string, of: (text) => text };
  if (type === 'bool')
    return { scalar, text: String, of: (text) => (text === 'true' ? true : text === 'false' ? false : text) };
  const big = typeof scalar.zero === 'bigint';
  return {
    scalar,
    text: String,
    of: (text) => (/^-?\d{1,20}$/.test(text) ? (big ? BigInt(text) : Number(text)) : text),
  };
}
