import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Breaker, BREAKER_TRANSITIONS } from '../src/breaker/breaker.ts';

const OPTIONS = { window: 10, minimum: 4, failureRate: 0.5, openMs: 100, openMaxMs: 400 };

function made(): { breaker: Breaker; changes: string[] } {
  const changes: string[] = [];
  return { changes, breaker: new Breaker(OPTIONS, (from, to, openMs) => changes.push(`${from} ${to} ${openMs}`)) };
}

function opened(): { breaker: Breaker; changes: string[] } {
  const { breaker, changes } = made();
  for (let failures = 0; failures < 4; failures += 1) breaker.end('failed', false, 0);
  return { breaker, changes };
}

describe('breaker', () => {
  test('opens when more than half of the window failed, and not before there are enough', () => {
    const { breaker, changes } = made();
    for (const outcome of ['failed', 'failed', 'failed'] as const) breaker.end(outcome, false, 0);
    expect(breaker.state).toBe('closed');
    breaker.end('inconclusive', false, 0);
    expect(breaker.state).toBe('closed');
    breaker.end('succeeded', false, 0);
    expect(changes).toEqual(['closed open 100']);
  });

  test('half of the window is not most of it', () => {
    const { breaker } = made();
    for (let pairs = 0; pairs < 20; pairs += 1) {
      breaker.end('succeeded', false, 0);
      breaker.end('failed', false, 0);
    }
    expect(breaker.state).toBe('closed');
  });

  test('lets one delivery try when the pause is over; its success closes, its failure doubles the pause', () => {
    const { breaker, changes } = opened();
    expect(breaker.admit(40)).toEqual({ go: false, waitMs: 60 });
    expect(breaker.admit(100)).toEqual({ go: true, probe: true });
    expect(breaker.admit(100)).toEqual({ go: false, waitMs: null });
    breaker.end('failed', true, 150);
    expect(breaker.dueAt).toBe(350);
    for (const at of [350, 1_000]) {
      expect(breaker.admit(at)).toEqual({ go: true, probe: true });
      breaker.end('failed', true, at);
    }
    expect(breaker.dueAt).toBe(1_400);
    expect(breaker.admit(1_400)).toEqual({ go: true, probe: true });
    breaker.end('succeeded', true, 1_401);
    expect(breaker.admit(1_401)).toEqual({ go: true, probe: false });
    expect(changes.at(-1)).toBe('half-open closed 400');
  });

  test('a probe that tells nothing leaves its place to another', () => {
    const { breaker } = opened();
    breaker.admit(100);
    breaker.end('inconclusive', true, 120);
    expect(breaker.state).toBe('half-open');
    expect(breaker.admit(120)).toEqual({ go: true, probe: true });
  });

  test('what had begun before it opened changes nothing', () => {
    const { breaker } = opened();
    for (let each = 0; each < 20; each += 1) breaker.end('succeeded', false, 10);
    expect(breaker.state).toBe('open');
    expect(breaker.dueAt).toBe(100);
  });

  test('turned off it stays closed', () => {
    const breaker = new Breaker(null, () => undefined);
    for (let each = 0; each < 200; each += 1) breaker.end('failed', false, 0);
    expect(breaker.admit(0)).toEqual({ go: true, probe: false });
  });

  test('whatever happens it takes only steps of its table, and never lets two probes go at once', () => {
    const events = fc.array(
      fc.record({
        waitMs: fc.nat(300),
        admit: fc.boolean(),
        outcome: fc.constantFrom('succeeded' as const, 'failed' as const, 'inconclusive' as const),
      }),
      { maxLength: 200 },
    );
    fc.assert(
      fc.property(events, (some) => {
        const { breaker, changes } = made();
        let now = 0;
        let probes = 0;
        let ordinary = 0;
        for (const { waitMs, admit, outcome } of some) {
          now += waitMs;
          if (admit) {
            const admission = breaker.admit(now);
            if (admission.go && admission.probe) probes += 1;
            else if (admission.go) ordinary += 1;
          } else if (probes > 0) {
            breaker.end(outcome, true, now);
            probes -= 1;
          } else if (ordinary > 0) {
            breaker.end(outcome, false, now);
            ordinary -= 1;
          }
          expect(probes).toBeLessThanOrEqual(1);
        }
        for (const change of changes) {
          const [from, to] = change.split(' ') as ['closed', 'open'];
          expect(Object.values(BREAKER_TRANSITIONS[from])).toContain(to);
        }
      }),
      { numRuns: 100 },
    );
  });
});
