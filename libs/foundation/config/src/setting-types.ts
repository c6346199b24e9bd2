import { z } from 'zod';

export interface IntegerBounds {
  readonly min: number;
  readonly max: number;
}

/** A whole number from the environment, inside of its bounds. */
export function integer(bounds: IntegerBounds) {
  const message = `expected a whole number from ${bounds.min} to ${bounds.max}`;
  return z
    .string()
    .regex(/^-?\d{1,15}$/, message)
    .transform(Number)
    .pipe(z.number().int(message).min(bounds.min, message).max(bounds.max, message))
    .meta({ type: `integer ${bounds.min}–${bounds.max}` });
}

/** A TCP port; 0 lets the system choose a free one. */
export function port(defaultPort: number) {
  return integer({ min: 0, max: 65_535 }).default(defaultPort);
}

/** A period in milliseconds, at most a day. */
export function milliseconds(defaultMs: number, bounds: IntegerBounds = { min: 0, max: 86_400_000 }) {
  return integer(bounds).meta({ type: 'milliseconds' }).default(defaultMs);
}

/** `true` or `false`. */
export function flag(defaultValue: boolean) {
  return z
    .enum(['true', 'false'], 'expected true or false')
    .transform((value) => value === 'true')
    .meta({ type: 'boolean' })
    .default(defaultValue);
}
