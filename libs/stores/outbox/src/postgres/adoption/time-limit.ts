import { TidemarkError } from '#libs/foundation/kernel';

/** A time limit as Postgres' settings take it, in ms. 0 would mean none. Throws REQUEST_INVALID. */
export function timeLimit(ms: number): number {
  if (Number.isSafeInteger(ms) && ms > 0 && ms <= 2_147_483_647) return ms;
  throw new TidemarkError('REQUEST_INVALID', `a time limit must be a positive whole number of ms, not ${ms}`);
}
