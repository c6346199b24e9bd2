import { expect, test } from '@jest/globals';
import { carrierOf, CARRIERS, NoCarrier, trackingNumberOf } from '../src/shipping/carrier/carrier-rules.ts';
import { CarrierUnavailable } from '../src/shipping/carrier/carrier.ts';
import { failuresOf, FlakyCarriers } from '../src/shipping/carrier/flaky-carriers.ts';

const names = Array.from({ length: 500 }, (_, index) => `name-${index}`);

test('a customer has always the same carrier, all carriers have customers, and nobody goes to the moon', () => {
  expect(names.map(carrierOf)).toEqual(names.map(carrierOf));
  expect(new Set(names.map(carrierOf))).toEqual(new Set(CARRIERS));
  expect(new Set(names.map((name) => trackingNumberOf('gull', name))).size).toBe(names.length);
  expect(() => carrierOf('moon-base')).toThrow(NoCarrier);
});

test('a call fails as often as the seed says, and not any more', async () => {
  const waits: number[] = [];
  const carriers = new FlakyCarriers({ seed: 3, callMs: 5, sleep: async (ms) => void waits.push(ms) });
  const { signal } = new AbortController();
  const counts = new Map<number, number>();
  for (const name of names) counts.set(failuresOf(3, name), (counts.get(failuresOf(3, name)) ?? 0) + 1);
  expect(new Set(counts.keys())).toEqual(new Set([0, 1, 4]));
  expect(counts.get(0)).toBeGreaterThan(counts.get(1)!);
  const trackingNumber = names.find((name) => failuresOf(3, name) === 4)!;
  const call = (attempt: number) => carriers.book({ carrier: 'gull', trackingNumber, attempt }, signal);
  for (const attempt of [1, 2, 3, 4]) await expect(call(attempt)).rejects.toThrow(CarrierUnavailable);
  await call(5);
  await call(6);
  expect(waits).toEqual([5, 5, 5, 5, 5, 5]);
  await expect(carriers.book({ carrier: 'gull', trackingNumber, attempt: 5 }, AbortSignal.abort())).rejects.toThrow();
});
