import { expect, test } from '@jest/globals';
import { compare } from '../rounds.ts';

const comparison = { row: '1', what: 'a thing', unit: 'things' };

test('both sides take turns, neither always first, after one run each to warm up', async () => {
  const order: string[] = [];
  const side = (name: string) => () => {
    order.push(name);
    return Promise.resolve({ units: 1, ms: 1 });
  };
  await compare({ ...comparison, rounds: 2, turns: 2, measured: side('m'), floor: side('f') });
  expect(order.join('')).toBe('fmfmmffmmf');
});

test('the ratio is that of the rates, over all turns of a round, and the median round counts', async () => {
  const rates = [100, 50, 90, 10, 70, 20];
  let run = 0;
  const finding = await compare({
    ...comparison,
    rounds: 5,
    measured: () => Promise.resolve({ units: rates[run++]!, ms: 1000 }),
    floor: () => Promise.resolve({ units: 200, ms: 2000 }),
    atLeast: 0.6,
  });
  // The first run is for warming up.
  expect(finding.ratio).toEqual({ median: 0.5, min: 0.1, max: 0.9 });
  expect(finding).toMatchObject({ measured: '50 things/s', floor: '100 things/s', target: '>= 0.6', met: false });
});
