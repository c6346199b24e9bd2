import { z } from 'zod';

const INT32_MAX = 2_147_483_647;

// Repeated where one value is meant, the first one counts.
const first = (value: unknown): string | undefined => {
  const one: unknown = Array.isArray(value) ? value[0] : value;
  return typeof one === 'string' ? one : undefined;
};

/** `true` in any case; everything else is false, as Java reads it. */
export const zFlag = z
  .unknown()
  .optional()
  .meta({ type: 'boolean', default: false })
  .transform((value) => first(value)?.toLowerCase() === 'true');

/** A text; absent is the empty one. */
export const zText = z
  .unknown()
  .optional()
  .meta({ type: 'string' })
  .transform((value) => first(value) ?? '');

/** A text whose absence means something else than the empty one. */
export const zTextOrAbsent = z
  .unknown()
  .optional()
  .meta({ type: 'string' })
  .transform((value) => first(value));

/** A parameter that may be repeated. */
export const zTexts = z
  .unknown()
  .optional()
  .meta({ type: 'array', items: { type: 'string' } })
  .transform((value): string[] => [value].flat().filter((one) => typeof one === 'string'));

/** A whole number of 32 bits. What is none makes the route unknown, as JAX-RS has it. */
export function zInt32(fallback?: number) {
  return z
    .unknown()
    .optional()
    .meta({ type: 'integer', format: 'int32', ...(fallback !== undefined && { default: fallback }) })
    .transform((value, context) => {
      const text = first(value);
      if (text === undefined && fallback !== undefined) return fallback;
      const number = text !== undefined && /^[+-]?\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
      if (Math.abs(number) <= INT32_MAX) return number;
      context.addIssue({ code: 'custom', message: 'expected a whole number of 32 bits' });
      return z.NEVER;
    });
}

/** A part of a listing: from `offset` on; all that there is when `limit` is not positive. */
export const slice = { offset: zInt32(0), limit: zInt32(-1) };
