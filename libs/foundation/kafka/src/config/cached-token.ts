import type { Clock } from '#libs/foundation/kernel';

export interface ObtainedToken {
  readonly token: string;
  /** How long it is valid from now on, in ms. */
  readonly validMs: number;
}

/** A token is renewed when this share of its life is left, but no earlier than the margin before its end. */
const RENEW_SHARE = 0.2;
const RENEW_MARGIN_MS = 60_000;

/**
 * A token that is kept until shortly before it expires. Callers at the same time share one request. When the renewal
 * fails, the old token serves until its end, so a short failure of the token endpoint is not noticed; after that the
 * error is thrown. Nothing is remembered of failures: the next caller asks again.
 */
export function cachedToken(obtain: () => Promise<ObtainedToken>, clock: Clock): () => Promise<string> {
  let held: { token: string; renewAtMs: number; endsAtMs: number } | undefined;
  let flight: Promise<string> | undefined;

  const renew = async (): Promise<string> => {
    const askedAtMs = clock.now();
    try {
      const { token, validMs } = await obtain();
      const endsAtMs = askedAtMs + validMs;
      held = { token, endsAtMs, renewAtMs: endsAtMs - Math.min(RENEW_MARGIN_MS, validMs * RENEW_SHARE) };
      return token;
    } catch (error) {
      if (held !== undefined && clock.now() < held.endsAtMs) return held.token;
      throw error;
    } finally {
      flight = undefined;
    }
  };

  return async () => {
    if (held !== undefined && clock.now() < held.renewAtMs) return held.token;
    flight ??= renew();
    return flight;
  };
}
