import type { SubscriptionOptions } from '#libs/movers/consumer';

const ALL: Readonly<Record<keyof SubscriptionOptions, true>> = {
  concurrency: true,
  inbox: true,
  timeoutMs: true,
  attempts: true,
  backoff: true,
  blockMs: true,
  retryTiers: true,
  errors: true,
  headers: true,
  afterDeadLetter: true,
  breaker: true,
  bufferRecords: true,
  bufferBytes: true,
  partitionRecords: true,
};

/** The compiler sees to it that none is missing. */
export const SUBSCRIPTION_OPTION_NAMES = Object.keys(ALL) as readonly (keyof SubscriptionOptions)[];

/** Those of the options that the consumer knows. */
export function subscriptionOptionsOf(given: SubscriptionOptions): SubscriptionOptions {
  return Object.fromEntries(SUBSCRIPTION_OPTION_NAMES.map((name) => [name, given[name]]));
}
