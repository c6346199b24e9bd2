import { InvalidArgumentError } from 'commander';

const INT64_MAX = 9_223_372_036_854_775_807n;

/** Reads an option that is a whole number in bounds. */
export function integerFrom(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    throw new InvalidArgumentError(`expected a whole number from ${min} to ${max}`);
  };
}

/** Reads an offset. It stays text, as in every answer: 64-bit numbers do not fit a JavaScript number. */
export function parseOffset(text: string): string {
  if (/^\d{1,19}$/.test(text) && BigInt(text) <= INT64_MAX) return BigInt(text).toString();
  throw new InvalidArgumentError(`expected a whole number from 0 to ${INT64_MAX}`);
}
