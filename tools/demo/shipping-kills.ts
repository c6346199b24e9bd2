import { type Sleep, systemSleep } from '#libs/foundation/lifecycle';
import type { Screen } from './screen.ts';
import type { ProcessControl } from './service-process.ts';
import type { Random } from './shop/random.ts';

export interface KillsOptions {
  readonly shipping: ProcessControl;
  readonly kills: number;
  readonly orders: number;
  readonly random: Random;
  /** Orders tried so far. */
  readonly ordersTried: () => number;
  readonly screen: Screen;
  /** Ends the wait for the next kill, not a start that has begun. */
  readonly signal: AbortSignal;
  readonly sleep?: Sleep;
}

const POLL_MS = 10;
/** A kill comes so much later than its order at most: also into what follows a start. */
const LATER_MAX_MS = 200;

/** Kills the shipping service again and again at random moments while orders come in, and starts it at once. */
export async function shippingKills(options: KillsOptions): Promise<void> {
  const { shipping, kills, orders, random, screen } = options;
  const sleep = options.sleep ?? systemSleep;
  const moments = Array.from({ length: kills }, () => random.between(1, Math.max(1, Math.floor(orders * 0.9))));
  const killedAt: number[] = [];
  for (const moment of moments.sort((a, b) => a - b)) {
    while (options.ordersTried() < moment && !options.signal.aborted) await sleep(POLL_MS, options.signal);
    await sleep(random.between(0, LATER_MAX_MS), options.signal);
    if (options.signal.aborted) return;
    killedAt.push(options.ordersTried());
    await shipping.kill();
    await shipping.start();
  }
  const times = kills === 1 ? 'once' : `${kills} times`;
  screen.say(
    `  ${screen.bad(`shipping killed ${times}`)} (kill -9) at ${killedAt.join(', ')} orders, and started again each time`,
  );
}
