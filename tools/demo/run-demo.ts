import { TidemarkError } from '#libs/foundation/kernel';
import { systemSleep } from '#libs/foundation/lifecycle';
import type { Database } from '#libs/foundation/postgres';
import { type Backlog, readBacklog } from './backlog.ts';
import { allChecks } from './checks/all-checks.ts';
import { type CheckResult, count, runChecks } from './checks/check.ts';
import { type RelayControl, relayOutage } from './relay-outage.ts';
import type { Screen } from './screen.ts';
import { Answers } from './shop/answers.ts';
import { driveOrders, openShop } from './shop/drive-orders.ts';
import type { ShopClient } from './shop/shop-client.ts';

export interface DemoStage {
  readonly db: Database;
  readonly client: ShopClient;
  readonly relay: RelayControl;
  /** Records that the projection has not committed. */
  readonly projectionLag: () => Promise<bigint>;
  readonly screen: Screen;
}

export interface DemoPlan {
  readonly orders: number;
  readonly workers: number;
  readonly seed: number;
  readonly relayDownMs: number;
}

export interface DemoOutcome {
  readonly answers: Answers;
  readonly checks: readonly CheckResult[];
  readonly orderingMs: number;
  /** From the last answer until everything had reached the read model. */
  readonly catchUpMs: number;
  readonly records: number;
}

const PROGRESS_MS = 200;
const REST_POLL_MS = 20;
const REST_WITHIN_MS = 120_000;

/**
 * Lets customers order, kills and restarts the relay midway, waits until everything has come to rest, and checks. Undefined
 * when the signal ended it before. Throws when the service fails, or when the readers do not catch up.
 */
export async function runDemo(stage: DemoStage, plan: DemoPlan, signal: AbortSignal): Promise<DemoOutcome | undefined> {
  const answers = new Answers();
  const backlog = (): Promise<Backlog> => readBacklog(stage.db, stage.projectionLag);
  await openShop(stage.client, answers);
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
    await inConcert(over, [driveOrders(stage.client, answers, { ...plan, signal: ended }), outage]);
    figures.orderingMs = performance.now() - startedAt;
    figures.records = await untilAtRest(backlog, ended);
    figures.catchUpMs = performance.now() - startedAt - figures.orderingMs;
    over.abort();
  };
  await inConcert(over, [work(), showProgress(stage.screen, backlog, answers, plan.orders, ended)]);
  if (signal.aborted) return undefined;
  return { ...figures, answers, checks: await runChecks(allChecks(stage.db, answers)) };
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
  for (;;) {
    const { sequenced, waiting, lag, records } = await backlog();
    if ((sequenced && lag === 0) || signal.aborted) return records;
    if (performance.now() > until) {
      throw new TidemarkError(
        'INTERNAL',
        `after ${REST_WITHIN_MS / 1_000} s ${waiting} messages wait for the relay and ${lag} records for the projection`,
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
    const { records, waiting, lag } = await backlog();
    const seconds = Math.max(0.1, (performance.now() - startedAt) / 1_000);
    screen.progress(
      `  ${count(answers.ordersTried)} of ${count(orders)} orders (${Math.round(answers.ordersTried / seconds)}/s), ` +
        `${count(records)} records in topics, ${count(waiting)} waiting for the relay, ${count(lag)} for the read model`,
    );
    await systemSleep(PROGRESS_MS, signal);
  }
}
