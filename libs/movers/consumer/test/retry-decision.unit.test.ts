import { describe, expect, test } from '@jest/globals';
import { classifyError, FatalError } from '../src/failure/error-rules.ts';
import { fullJitterMs } from '../src/failure/full-jitter.ts';
import { nextTryInMs, RETRY_DECISIONS, stageAfter } from '../src/failure/retry-decision.ts';

const POLICY = {
  attempts: 3,
  backoff: { minMs: 100, maxMs: 1_000 },
  blockMs: 5_000,
  retryTiers: [
    { delayMs: 10_000, attempts: 1 },
    { delayMs: 60_000, attempts: 2 },
  ],
};
const RULES = { fatal: [], retryable: [], otherwise: 'retryable' } as const;

class NotFound extends Error {}
class Refused extends NotFound {}

describe('what happens after a failure', () => {
  test('troubles of the database and cancellations never move a message on', () => {
    for (const kind of ['transient', 'cancelled'] as const) {
      expect(Object.values(RETRY_DECISIONS[kind])).not.toEqual(expect.arrayContaining(['dead-letter']));
      expect(Object.values(RETRY_DECISIONS[kind])).not.toEqual(expect.arrayContaining(['next-tier']));
    }
  });

  test('an open breaker moves nothing on that may succeed later', () => {
    expect(RETRY_DECISIONS.retryable['breaker-open']).toBe('hold');
    expect(RETRY_DECISIONS.retryable.last).toBe('dead-letter');
  });

  test('tries in place end with the attempts or with the time that they may block', () => {
    const at = (tries: number, elapsedMs: number, tier = 0, random = 1) =>
      nextTryInMs(POLICY, { tries, elapsedMs, tier }, random);
    expect(at(1, 0)).toBe(100);
    expect(at(2, 0)).toBe(200);
    expect(at(3, 0)).toBeNull();
    expect(at(1, 4_900)).toBe(100);
    expect(at(1, 4_901)).toBeNull();
    expect(at(1, 4_901, 0, 0)).toBe(0);
    expect(at(1, 0, 1)).toBeNull();
    expect(at(1, 0, 2)).toBe(100);
  });

  test('retry topics come one after the other, then the dlq', () => {
    expect([0, 1, 2].map((tier) => stageAfter(POLICY, tier))).toEqual(['tier-left', 'tier-left', 'last']);
    expect(stageAfter({ ...POLICY, retryTiers: [] }, 0)).toBe('last');
  });

  test('jitter is full and the backoff capped', () => {
    expect(fullJitterMs(1, POLICY.backoff, 0)).toBe(0);
    expect(fullJitterMs(4, POLICY.backoff, 0.999_999)).toBe(800);
    expect(fullJitterMs(50, POLICY.backoff, 0.5)).toBe(500);
  });
});

describe('classes of errors', () => {
  test('everything is retryable unless a rule says otherwise', () => {
    expect(classifyError(new Error('x'), RULES)).toBe('retryable');
    expect(classifyError('text', RULES)).toBe('retryable');
    expect(classifyError(undefined, { ...RULES, otherwise: 'fatal' })).toBe('fatal');
  });

  test.each([
    ['a FatalError', new FatalError('no'), RULES],
    ['a FatalError behind another', new Error('x', { cause: new FatalError('no') }), RULES],
    ['a class', new NotFound(), { ...RULES, fatal: [NotFound] }],
    ['a class above its own', new Refused(), { ...RULES, fatal: [NotFound] }],
    ['the name of a class above its own', new Refused(), { ...RULES, fatal: ['NotFound'] }],
    ['a code', Object.assign(new Error('x'), { code: 'E_GONE' }), { ...RULES, fatal: ['E_GONE'] }],
    [
      'a predicate',
      { status: 422 },
      { ...RULES, fatal: [(error: unknown) => (error as { status: number }).status === 422] },
    ],
    ['both kinds of rules', new NotFound(), { ...RULES, fatal: [NotFound], retryable: [Error] }],
  ])('%s makes it fatal', (_, error, rules) => {
    expect(classifyError(error, rules)).toBe('fatal');
  });

  test('retryable makes an exception from otherwise', () => {
    expect(classifyError(new Refused(), { ...RULES, otherwise: 'fatal', retryable: [NotFound] })).toBe('retryable');
  });

  test('a broken predicate, a ring of causes and a throwing getter do no harm', () => {
    const ring = new Error('ring');
    ring.cause = ring;
    const hostile = {
      get name(): string {
        throw new Error('no name');
      },
    };
    const broken = (): boolean => {
      throw new Error('broken rule');
    };
    for (const error of [ring, hostile, null]) {
      expect(classifyError(error, { ...RULES, fatal: [broken, 'x', NotFound] })).toBe('retryable');
    }
  });
});
