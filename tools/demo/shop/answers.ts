import type { Step } from './wishes.ts';

export type KnownStatus = 'placed' | 'paid' | 'shipped' | 'cancelled';

export interface KnownOrder {
  readonly totalCents: number;
  status: KnownStatus;
}

const STATUS_AFTER: Readonly<Record<Step, KnownStatus>> = {
  pay: 'paid',
  'pay wrong amount': 'paid',
  'pay twice at once': 'paid',
  ship: 'shipped',
  cancel: 'cancelled',
};

/** What the customers were told: every order that was confirmed to them, and what was refused. */
export class Answers {
  readonly orders = new Map<string, KnownOrder>();
  readonly refusals = new Map<string, number>();
  deliveries = 0;
  extrasLeftOut = 0;
  ordersTried = 0;

  placed(order: { orderId: string; totalCents: number; extrasIncluded: boolean }): void {
    this.orders.set(order.orderId, { totalCents: order.totalCents, status: 'placed' });
    if (!order.extrasIncluded) this.extrasLeftOut += 1;
  }

  stepDone(orderId: string, step: Step): void {
    this.orders.get(orderId)!.status = STATUS_AFTER[step];
  }

  refused(code: string): void {
    this.refusals.set(code, (this.refusals.get(code) ?? 0) + 1);
  }

  get refusedInAll(): number {
    return [...this.refusals.values()].reduce((sum, count) => sum + count, 0);
  }

  count(...statuses: readonly KnownStatus[]): number {
    return [...this.orders.values()].filter((order) => statuses.includes(order.status)).length;
  }
}
