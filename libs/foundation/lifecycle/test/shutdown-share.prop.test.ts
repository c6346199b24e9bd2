import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { shutdownShare } from '../src/shutdown-share.ts';

test('shares of parts that all hang never exceed the total, and the last one still gets some', () => {
  fc.assert(
    fc.property(fc.integer({ min: 100, max: 120_000 }), fc.integer({ min: 1, max: 12 }), (totalMs, parts) => {
      let remaining = totalMs;
      for (let left = parts; left > 0; left -= 1) {
        const share = shutdownShare(remaining, left - 1);
        expect(share.giveUpMs).toBeGreaterThan(0);
        expect(share.deadlineMs).toBeLessThanOrEqual(share.giveUpMs);
        remaining -= share.giveUpMs;
      }
      expect(remaining).toBeGreaterThanOrEqual(0);
    }),
  );
});

test('a part gets nearly everything when the others need nothing', () => {
  expect(shutdownShare(30_000, 4)).toEqual({ giveUpMs: 26_000, deadlineMs: 25_000 });
  expect(shutdownShare(30_000, 0)).toEqual({ giveUpMs: 29_000 + 1_000, deadlineMs: 29_000 });
  expect(shutdownShare(-5, 3)).toEqual({ giveUpMs: 0, deadlineMs: 0 });
});
