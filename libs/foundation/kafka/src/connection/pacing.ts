import type { Failure } from './failure.ts';

/** When a broker that could not be reached is dialled again: a first attempt soon, later ones rarely. */
export interface Pacing {
  readonly failures: number;
  readonly notBefore: number;
  readonly last: Failure | null;
}

export const UNTRIED: Pacing = { failures: 0, notBefore: -Infinity, last: null };

const FIRST_MS = 50;
const MOST_MS = 1_000;
/** Sign-ins are counted, and accounts locked, by those who guard them. */
const SIGN_IN_MS = 5_000;

export function afterFailure(pacing: Pacing, last: Failure, now: number): Pacing {
  const failures = pacing.failures + 1;
  const wait =
    last.code === 'KAFKA_AUTHENTICATION_FAILED'
      ? SIGN_IN_MS
      : Math.min(MOST_MS, FIRST_MS * 2 ** Math.min(failures - 1, 10));
  return { failures, last, notBefore: now + wait };
}
