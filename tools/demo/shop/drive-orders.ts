import type { Answers } from './answers.ts';
import { CATALOGUE } from './catalogue.ts';
import { Random } from './random.ts';
import type { Answer, ShopClient } from './shop-client.ts';
import { nextWish, type Step } from './wishes.ts';

export interface DriveOptions {
  readonly orders: number;
  readonly workers: number;
  readonly seed: number;
  readonly signal: AbortSignal;
}

interface FollowUp {
  readonly orderId: string;
  readonly totalCents: number;
  readonly steps: readonly Step[];
  /** Not before this many orders have been tried. */
  readonly notBefore: number;
}

const DELIVERY_EVERY_ORDERS = 5;
const DELIVERY_QUANTITY = 32;
/** Orders that others place before a customer comes back to pay, cancel or have it shipped. */
const LATER_MAX = 60;

/** Opens the shop: every article is put on the shelf. */
export async function openShop(client: ShopClient, answers: Answers): Promise<void> {
  for (const { sku, unitCents, quantity } of CATALOGUE) {
    await client.addArticle(sku, unitCents, quantity);
    answers.deliveries += 1;
  }
}

/**
 * Customers at work: `workers` of them at the same time place new orders or come back to earlier ones, until all orders
 * have been tried and all that follows is done. The wishes depend on the seed alone; who is served first, and so what is
 * out of stock for whom, does not. Rejects when the service answers with anything but a success or a refusal.
 */
export async function driveOrders(client: ShopClient, answers: Answers, options: DriveOptions): Promise<void> {
  const random = new Random(options.seed);
  const waiting: FollowUp[] = [];
  const failed = new AbortController();
  const ended = AbortSignal.any([options.signal, failed.signal]);

  const place = async (): Promise<void> => {
    answers.ordersTried += 1;
    const { steps, ...wish } = nextWish(random);
    // All draws come before the first wait: the workers' turns must not change who wishes what.
    const later = random.between(1, LATER_MAX);
    if (answers.ordersTried % DELIVERY_EVERY_ORDERS === 0) await deliver(client, answers, random);
    const answer = await client.place(wish);
    if (answer.kind === 'refused') return answers.refused(answer.code);
    answers.placed(answer.value);
    const { orderId, totalCents } = answer.value;
    if (steps.length > 0) waiting.push({ orderId, totalCents, steps, notBefore: answers.ordersTried + later });
  };
  const comeBack = async (followUp: FollowUp): Promise<void> => {
    const [step, ...steps] = followUp.steps;
    await takeStep(client, answers, followUp, step!);
    if (steps.length > 0) waiting.push({ ...followUp, steps, notBefore: answers.ordersTried });
  };
  const work = async (): Promise<void> => {
    while (!ended.aborted) {
      const closing = answers.ordersTried >= options.orders;
      const due = waiting.findIndex((followUp) => closing || followUp.notBefore <= answers.ordersTried);
      if (due >= 0) await comeBack(waiting.splice(due, 1)[0]!);
      else if (closing) return;
      else await place();
    }
  };
  const ends = await Promise.allSettled(
    Array.from({ length: options.workers }, () =>
      work().catch((error: unknown) => {
        failed.abort();
        throw error;
      }),
    ),
  );
  const failure = ends.find((end) => end.status === 'rejected');
  if (failure !== undefined) throw failure.reason;
}

async function takeStep(client: ShopClient, answers: Answers, order: FollowUp, step: Step): Promise<void> {
  for (const answer of await Promise.all(REQUESTS[step].map((request) => request(client, order)))) {
    if (answer.kind === 'done') answers.stepDone(order.orderId, step);
    else answers.refused(answer.code);
  }
}

type Request = (client: ShopClient, order: FollowUp) => Promise<Answer<unknown>>;

const pay: Request = (client, { orderId, totalCents }) => client.pay(orderId, totalCents);

/** What is sent to the shop for a step, all at the same time. */
const REQUESTS: Readonly<Record<Step, readonly Request[]>> = {
  pay: [pay],
  'pay wrong amount': [(client, { orderId, totalCents }) => client.pay(orderId, totalCents + 1)],
  'pay twice at once': [pay, pay],
  ship: [(client, { orderId }) => client.ship(orderId)],
  cancel: [(client, { orderId }) => client.cancel(orderId)],
};

async function deliver(client: ShopClient, answers: Answers, random: Random): Promise<void> {
  const place = Math.floor(random.next() ** 1.5 * CATALOGUE.length);
  const answer = await client.deliver(CATALOGUE[place]!.sku, DELIVERY_QUANTITY);
  if (answer.kind === 'done') answers.deliveries += 1;
  else answers.refused(answer.code);
}
