import { expect, test } from '@jest/globals';
import { createScreen } from '../screen.ts';
import { shippingKills } from '../shipping-kills.ts';
import { Random } from '../shop/random.ts';

const written: string[] = [];
const write = (text: string): void => void written.push(text);
const screen = createScreen({ write, isTerminal: false, colours: false, columns: 80, now: () => 0 });

async function killed(seed: number, signal = new AbortController().signal): Promise<string[]> {
  let tried = 0;
  const log: string[] = [];
  const shipping = {
    pid: 1,
    kill: async () => void log.push(`kill at ${tried}`),
    start: async () => void log.push('start'),
  };
  // Each wait is one more order.
  const sleep = async (): Promise<void> => void (tried += 1);
  const random = new Random(seed);
  await shippingKills({ shipping, kills: 3, orders: 100, random, ordersTried: () => tried, screen, signal, sleep });
  return log;
}

test('the service is killed at moments that the seed decides, and started again each time', async () => {
  const log = await killed(1);
  expect(log.map((step) => step.split(' ')[0])).toEqual(['kill', 'start', 'kill', 'start', 'kill', 'start']);
  expect(written.splice(0).join('')).toMatch(
    /shipping killed 3 times \(kill -9\) at \d+, \d+, \d+ orders, and started again each time/,
  );
  expect(await killed(1)).toEqual(log);
  expect(await killed(2)).not.toEqual(log);
});

test('after the end of the demo nothing is killed', async () => {
  expect(await killed(1, AbortSignal.abort())).toEqual([]);
});
