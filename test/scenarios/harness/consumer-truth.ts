import { type EFFECT_GROUPS, type Order, TRIES_IN_ALL } from './consumer-setup.ts';

export type EffectGroup = (typeof EFFECT_GROUPS)[number]['group'];

export interface WrittenOrder extends Order {
  readonly messageId: string;
  readonly key: string;
}

/** All that consumers have done, as Postgres knows it. */
export interface ConsumerTruth {
  /** Each once, however often it was appended. */
  readonly orders: readonly WrittenOrder[];
  /** In the order in which they were written. */
  readonly effects: readonly { readonly group: string; readonly messageId: string }[];
  readonly followUps: readonly { readonly group: string; readonly messageId: string }[];
  readonly failures: readonly { readonly group: string; readonly messageId: string; readonly state: string }[];
  readonly deadLetters: readonly {
    readonly topic: string;
    readonly messageId: string;
    readonly key: string;
    readonly payload: string;
    readonly headers: Readonly<Record<string, string | null>>;
  }[];
  /** Keys that are blocked, and messages that are parked. */
  readonly left: number;
}

/** Poison to shipping alone. */
export function isDead(order: Order, group: string): boolean {
  return group === 'shipping' && order.poison !== null;
}

/** What is not as it must be when everything has been consumed, a line each. */
export function consumerViolations(truth: ConsumerTruth, groups: typeof EFFECT_GROUPS): string[] {
  const found = groups.flatMap(({ group, afterDeadLetter }) => [
    ...onceEach('effect', group, truth.orders, truth.effects),
    ...onceEach('follow-up', group, truth.orders, truth.followUps),
    ...orderViolations(group, truth, afterDeadLetter),
    ...failureViolations(group, truth),
  ]);
  if (truth.left > 0) found.push(`${truth.left} keys or messages are blocked or parked`);
  return [...found, ...deadLetterViolations(truth)];
}

function onceEach(
  what: string,
  group: string,
  orders: readonly WrittenOrder[],
  done: readonly { readonly group: string; readonly messageId: string }[],
): string[] {
  const counts = new Map<string, number>();
  for (const one of done.filter((each) => each.group === group))
    counts.set(one.messageId, (counts.get(one.messageId) ?? 0) + 1);
  const found = orders.flatMap((order) => {
    const count = counts.get(order.messageId) ?? 0;
    counts.delete(order.messageId);
    const wanted = isDead(order, group) ? 0 : 1;
    return count === wanted
      ? []
      : [`${group}: ${order.key} ${order.n} (${order.messageId}) has ${count} times the ${what}`];
  });
  return [...found, ...[...counts.keys()].map((id) => `${group}: ${what} of ${id}, which nobody wrote`)];
}

/** Where later messages are not parked, one that was moved on comes after them. */
function orderViolations(group: string, truth: ConsumerTruth, afterDeadLetter: 'continue' | 'park'): string[] {
  const moved = new Set(truth.failures.filter((each) => each.group === group).map(({ messageId }) => messageId));
  const orders = new Map(truth.orders.map((order) => [order.messageId, order]));
  const last = new Map<string, number>();
  const found: string[] = [];
  for (const { messageId } of truth.effects.filter((each) => each.group === group)) {
    const order = orders.get(messageId);
    if (order === undefined || (afterDeadLetter === 'continue' && moved.has(messageId))) continue;
    const before = last.get(order.key) ?? -1;
    if (order.n <= before) found.push(`${group}: ${order.key} ${order.n} came after ${before}`);
    last.set(order.key, order.n);
  }
  return found;
}

function failureViolations(group: string, { orders, failures }: ConsumerTruth): string[] {
  const dead = new Set(orders.filter((order) => isDead(order, group)).map(({ messageId }) => messageId));
  const own = failures.filter((each) => each.group === group);
  const told = new Set(own.map(({ messageId }) => messageId));
  return [
    ...[...dead].filter((id) => !told.has(id)).map((id) => `${group}: ${id} is dead without a failure`),
    ...own
      .filter(({ messageId, state }) => state !== (dead.has(messageId) ? 'dead' : 'resolved'))
      .map(({ messageId, state }) => `${group}: the failure of ${messageId} is ${state}`),
  ];
}

function deadLetterViolations({ orders, deadLetters }: ConsumerTruth): string[] {
  const group = 'shipping';
  const byId = new Map<string, ConsumerTruth['deadLetters'][number][]>();
  for (const letter of deadLetters) byId.set(letter.messageId, [...(byId.get(letter.messageId) ?? []), letter]);
  const dead = orders.filter((order) => isDead(order, group));
  const expected = new Set(dead.map(({ messageId }) => messageId));
  const found = [...byId.keys()].filter((id) => !expected.has(id)).map((id) => `${id} is a dead letter`);
  for (const { messageId, key, n, fails, poison } of dead) {
    const letters = byId.get(messageId) ?? [];
    if (letters.length !== 1) found.push(`${key} ${n} (${messageId}) is ${letters.length} times in the dlq`);
    for (const letter of letters) {
      const wanted: Readonly<Record<string, string>> = {
        'tidemark-dlq-message-id': messageId,
        'tidemark-dlq-source-topic': 'orders',
        'tidemark-dlq-group': group,
        'tidemark-dlq-error-class': poison === 'fatal' ? 'FatalError' : 'Error',
        'tidemark-dlq-error-message': `order ${n} is poison`,
        'tidemark-dlq-attempts': String(poison === 'fatal' ? 1 : TRIES_IN_ALL),
        'tidemark-dlq-app-version': '1.2.3',
      };
      for (const [name, value] of Object.entries(wanted))
        if (letter.headers[name] !== value)
          found.push(`${messageId}: ${name} is ${letter.headers[name]}, not ${value}`);
      for (const name of ['id', 'source-partition', 'source-offset', 'error-stack', 'first-failed-at', 'failed-at'])
        if (!letter.headers[`tidemark-dlq-${name}`]) found.push(`${messageId}: tidemark-dlq-${name} is missing`);
      if (letter.key !== key || letter.payload !== JSON.stringify({ n, fails, poison } satisfies Order))
        found.push(`${messageId} has changed: ${letter.key} ${letter.payload}`);
    }
  }
  return found;
}
