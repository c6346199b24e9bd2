import { type Sleep, systemSleep } from '#libs/foundation/lifecycle';
import { count } from './checks/check.ts';
import type { Screen } from './screen.ts';
import type { ProcessControl } from './service-process.ts';

export interface OutageOptions {
  readonly relay: ProcessControl;
  /** Orders tried so far. */
  readonly ordersTried: () => number;
  /** When this many orders have been tried, the relay is killed. */
  readonly afterOrders: number;
  readonly downMs: number;
  /** Messages committed and not in their topics yet. */
  readonly waiting: () => Promise<number>;
  readonly screen: Screen;
  /** Ends the wait for the orders, not an outage that has begun. */
  readonly signal: AbortSignal;
  readonly sleep?: Sleep;
}

const POLL_MS = 10;

/** Kills the relay in the middle of the work and starts it again. The customers are not told, and go on. */
export async function relayOutage(options: OutageOptions): Promise<void> {
  const { relay, screen } = options;
  const sleep = options.sleep ?? systemSleep;
  while (options.ordersTried() < options.afterOrders) {
    if (options.signal.aborted) return;
    await sleep(POLL_MS, options.signal);
  }
  const pid = relay.pid;
  await relay.kill();
  screen.say(
    `  ${screen.bad('relay killed')} (kill -9 ${pid}) after ${count(options.ordersTried())} orders; customers go on ordering`,
  );
  await sleep(options.downMs, options.signal);
  const waiting = await options.waiting();
  const tried = options.ordersTried();
  await relay.start();
  screen.say(
    `  ${screen.good('relay restarted')} (process ${relay.pid}) at ${count(tried)} orders; ${count(waiting)} messages were waiting in the outbox`,
  );
}
