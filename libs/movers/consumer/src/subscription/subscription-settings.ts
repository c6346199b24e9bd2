import { type BackoffOptions, TidemarkError } from '#libs/foundation/kernel';
import type { TopicPattern } from '#libs/stores/topic';
import type { ErrorRules } from '../failure/error-rules.ts';
import type { Handler } from '../handler.ts';
import type { Subscription } from './subscription.ts';
import type { BreakerOptions, HeaderStyle } from './subscription-options.ts';

/** Limits of one transaction; one message for handlers that take one. */
export interface BatchLimits {
  readonly maxRecords: number;
  readonly maxBytes: number;
}

/** A subscription with everything that was left out. */
export interface SubscriptionSettings<Tx> {
  readonly name: string;
  readonly group: string;
  readonly topics: readonly TopicPattern[];
  readonly handler: Handler<Tx>;
  readonly batch: BatchLimits | null;
  readonly concurrency: number;
  readonly inbox: boolean;
  readonly timeoutMs: number;
  readonly attempts: number;
  readonly backoff: BackoffOptions;
  readonly blockMs: number;
  readonly retryTiers: readonly { readonly delayMs: number; readonly attempts: number }[];
  readonly errors: Required<ErrorRules>;
  readonly headers: HeaderStyle;
  readonly afterDeadLetter: 'continue' | 'park';
  readonly breaker: Required<BreakerOptions> | null;
  readonly bufferRecords: number;
  readonly bufferBytes: number;
  readonly partitionRecords: number;
}

/** Retry topics are numbered with one digit, and nine hops are more than any message needs. */
/** Letters of names, and stars. */
const PATTERN_LEGAL = /^[a-zA-Z0-9._*-]+$/;
const TIERS_MAX = 9;
/** What the inbox keeps of a name, and of a group. */
const NAME_BYTES = 256;
const GROUP_MAX = 249;
const BREAKER = { window: 50, minimum: 20, failureRate: 0.5, openMs: 10_000, openMaxMs: 300_000 } as const;
const DEFAULTS = {
  concurrency: 1,
  inbox: true,
  timeoutMs: 60_000,
  attempts: 3,
  backoff: { minMs: 100, maxMs: 2_000 },
  blockMs: 5_000,
  headers: 'tidemark',
  afterDeadLetter: 'continue',
  bufferRecords: 1_000,
  bufferBytes: 16 * 1024 * 1024,
  partitionRecords: 1_000,
} as const;

/** Fills in the defaults. Throws CONSUMER_INVALID, naming the subscription and the option. */
export function subscriptionSettings<Tx>(subscription: Subscription<Tx>): SubscriptionSettings<Tx> {
  const options = subscription.options ?? {};
  const settings: SubscriptionSettings<Tx> = {
    ...DEFAULTS,
    ...given({ ...options }),
    name: subscription.name,
    group: subscription.group,
    topics: subscription.topics,
    handler: subscription.handler,
    batch: batchOf(subscription.handler),
    retryTiers: (options.retryTiers ?? []).map(({ delayMs, attempts }) => ({ delayMs, attempts: attempts ?? 1 })),
    errors: { fatal: [], retryable: [], otherwise: 'retryable', ...given({ ...options.errors }) },
    breaker: options.breaker === false ? null : { ...BREAKER, ...given({ ...options.breaker }) },
  };
  check(settings);
  return settings;
}

/** Options that are undefined count as left out. */
function given<T extends object>(options: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as never;
}

function batchOf(handler: Handler<never>): BatchLimits | null {
  if (handler.kind === 'each') return null;
  return { maxRecords: handler.maxRecords ?? 100, maxBytes: handler.maxBytes ?? 1024 * 1024 };
}

function check(settings: SubscriptionSettings<never>): void {
  const { name, breaker, batch } = settings;
  const refuse = refusal(name);
  if (name === '' || Buffer.byteLength(name) > NAME_BYTES) refuse(`the name must have 1 to ${NAME_BYTES} bytes`);
  if (settings.group === '' || settings.group.length > GROUP_MAX)
    refuse(`group must have 1 to ${GROUP_MAX} characters`);
  if (settings.topics.length === 0) refuse('topics is empty');
  for (const topic of settings.topics) {
    if (typeof topic === 'string' && !PATTERN_LEGAL.test(topic))
      refuse(`${JSON.stringify(topic)} is no topic and no pattern`);
  }
  const whole: Record<string, number> = {
    concurrency: settings.concurrency,
    timeoutMs: settings.timeoutMs,
    attempts: settings.attempts,
    bufferRecords: settings.bufferRecords,
    bufferBytes: settings.bufferBytes,
    partitionRecords: settings.partitionRecords,
    'backoff.minMs': settings.backoff.minMs,
    'backoff.maxMs': settings.backoff.maxMs,
    ...(batch === null ? {} : { 'handler.maxRecords': batch.maxRecords, 'handler.maxBytes': batch.maxBytes }),
    ...(breaker === null ? {} : { 'breaker.window': breaker.window, 'breaker.minimum': breaker.minimum }),
    ...(breaker === null ? {} : { 'breaker.openMs': breaker.openMs, 'breaker.openMaxMs': breaker.openMaxMs }),
  };
  settings.retryTiers.forEach((tier, index) => (whole[`retryTiers[${index}].attempts`] = tier.attempts));
  for (const [option, value] of Object.entries(whole)) {
    if (!Number.isSafeInteger(value) || value < 1) refuse(`${option} must be a whole number from 1 on, not ${value}`);
  }
  if (!(settings.blockMs >= 0)) refuse(`blockMs must be 0 or more, not ${settings.blockMs}`);
  if (settings.retryTiers.some((tier) => !(tier.delayMs >= 0))) refuse('a delayMs of retryTiers is not 0 or more');
  if (settings.retryTiers.length > TIERS_MAX) refuse(`there are more than ${TIERS_MAX} retryTiers`);
  if (settings.backoff.minMs > settings.backoff.maxMs) refuse('backoff.minMs is above backoff.maxMs');
  if (batch !== null && batch.maxRecords > settings.bufferRecords) refuse('handler.maxRecords is above bufferRecords');
  if (breaker === null) return;
  if (breaker.minimum > breaker.window) refuse('breaker.minimum is above breaker.window: it could never open');
  if (breaker.openMs > breaker.openMaxMs) refuse('breaker.openMs is above breaker.openMaxMs');
  if (!(breaker.failureRate > 0 && breaker.failureRate < 1))
    refuse(`breaker.failureRate must be above 0 and below 1, not ${breaker.failureRate}`);
}

function refusal(name: string): (what: string) => never {
  return (what) => {
    throw new TidemarkError('CONSUMER_INVALID', `subscription ${JSON.stringify(name)}: ${what}`, {
      context: { subscription: name },
      remedy: 'Correct the option; docs of SubscriptionOptions say what each one allows.',
    });
  };
}
