import { TidemarkError } from '#libs/foundation/kernel';
import { systemSleep } from '#libs/foundation/lifecycle';
import type { Database } from '#libs/foundation/postgres';
import { atRest, type Backlog, type Lags, readBacklog } from './backlog.ts';
import { allChecks } from './checks/all-checks.ts';
import { type CheckResult, count, runChecks } from './checks/check.ts';
import { relayOutage } from './relay-outage.ts';
import type { Screen } from './screen.ts';
import type { ProcessControl } from './service-process.ts';
import { shippingKills } from './shipping-kills.ts';
import { Answers } from './shop/answers.ts';
import { driveOrders, openShop } from './shop/drive-orders.ts';
import { orderFromTheMoon } from './shop/order-from-the-moon.ts';
import { Random } from './shop/random.ts';
import type { ShopClient } from './shop/shop-client.ts';

export interface DemoStage {
  readonly db: Database;
  readonly client: ShopClient;
  readonly relay: ProcessControl;
  readonly shipping: ProcessControl;
  readonly lags: Lags;
  readonly screen: Screen;
}

export interface DemoPlan {
  readonly orders: number;
  readonly workers: number;
  /** Of the customers' wishes, of the carriers' failures, and of the moments of the kills. */
  readonly seed: number;
  readonly relayDownMs: number;
  /** How often the shipping service is killed. */
  readonly shippingKills: number;
}

export interface DemoOutcome {
  readonly answers: Answers;
  readonly checks: readonly CheckResult[];
  readonly orderingMs: number;
  /** From the last answer until everything had reached the read model and the carriers. */
  readonly catchUpMs: number;
  readonly records: number;
}

const PROGRESS_MS = 200;
const REST_POLL_MS = 20;
const REST_WITHIN_MS = 120_000;

/**
 * Lets customers order, kills and restarts the relay midway and shipping again and again, waits until everything has come to rest, and checks. Undefined
 * when the signal ended it before. Throws when the service fails, or when the readers do not catch up.
 */
export async function runDemo(stage: DemoStage, plan: DemoPlan, signal: AbortSignal): Promise<DemoOutcome | undefined> {
  const answers = new Answers();
  const backlog = (): Promise<Backlog> => readBacklog(stage.db, stage.lags);
  await openShop(stage.client, answers);
  await orderFromTheMoon(stage.client, answers);
  const over = new AbortController();
  const ended = AbortSignal.any([signal, over.signal]);
  const figures = { orderingMs: 0, catchUpMs: 0, records: 0 };

  const work = async (): Promise<void> => {
    const startedAt = performance.now();
    const outage = relayOutage({
      relay: stage.relay,
      screen: stage.screen,
      ordersTried: () => answers.ordersTried,
      afterOrders: Math.floor(plan.orders / 2),
      downMs: plan.relayDownMs,
      waiting: async () => (await backlog()).waiting,
      signal: ended,
    });
    const kills = shippingKills({
      shipping: stage.shipping,
      screen: stage.screen,
      kills: plan.shippingKills,
      orders: plan.orders,
      random: new Random(plan.seed),
      ordersTried: () => answers.ordersTried,
      signal: ended,
    });
    const drive = async (): Promise<void> => {
      await driveOrders(stage.client, answers, { ...plan, signal: ended });
      figures.orderingMs = performance.now() - startedAt;
    };
    await inConcert(over, [drive(), outage, kills]);
    figures.records = await untilAtRest(backlog, ended);
    figures.catchUpMs = performance.now() - startedAt - figures.orderingMs;
    over.abort();
  };
  await inConcert(over, [work(), showProgress(stage.screen, backlog, answers, plan.orders, ended)]);
  if (signal.aborted) return undefined;
  return { ...figures, answers, checks: await runChecks(allChecks(stage.db, answers, plan.seed)) };
}

/** A failure ends the others, too. Resolves when all have ended, or throws the first failure: nothing is left running. */
async function inConcert(over: AbortController, works: readonly Promise<void>[]): Promise<void> {
  const watched = works.map((work) =>
    work.catch((error: unknown) => {
      over.abort();
      throw error;
    }),
  );
  const failure = (await Promise.allSettled(watched)).find((end) => end.status === 'rejected');
  if (failure !== undefined) throw failure.reason;
}

/** Resolves with the number of records in the topics, or when the signal ends it. */
async function untilAtRest(backlog: () => Promise<Backlog>, signal: AbortSignal): Promise<number> {
  const until = performance.now() + REST_WITHIN_MS;
  let before: Backlog | undefined;
  for (;;) {
    const now = await backlog();
    const { waiting, toRead, toShip, records } = now;
    if (atRest(before, now) || signal.aborted) return records;
    before = now;
    if (performance.now() > until) {
      throw new TidemarkError(
        'INTERNAL',
        `after ${REST_WITHIN_MS / 1_000} s ${waiting} messages wait for the relay, ${toRead} records for the projection and ${toShip} for shipping`,
      );
    }
    await systemSleep(REST_POLL_MS, signal);
  }
}

async function showProgress(
  screen: Screen,
  backlog: () => Promise<Backlog>,
  answers: Answers,
  orders: number,
  signal: AbortSignal,
): Promise<void> {
  const startedAt = performance.now();
  while (!signal.aborted) {
    const { records, waiting, toRead, toShip } = await backlog();
    const seconds = Math.max(0.1, (performance.now() - startedAt) / 1_000);
    screen.progress(
      `  ${count(answers.ordersTried)} of ${count(orders)} orders (${Math.round(answers.ordersTried / seconds)}/s), ` +
        `${count(records)} records; waiting for the relay ${count(waiting)}, read model ${count(toRead)}, shipping ${count(toShip)}`,
    );
    await systemSleep(PROGRESS_MS, signal);
  }
}
