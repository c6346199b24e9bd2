import { Refusal, type RefusalCode } from '../refusal.ts';

export type OrderStatus = 'placed' | 'paid' | 'shipped' | 'cancelled';
export type OrderAction = 'pay' | 'ship' | 'cancel';

/** What an action makes of an order, or why it is refused. */
// oxfmt-ignore
export const ORDER_TRANSITIONS: Readonly<Record<OrderStatus, Readonly<Record<OrderAction, OrderStatus | RefusalCode>>>> = {
  placed:    { pay: 'paid',              ship: 'NOT_PAID',          cancel: 'cancelled' },
  paid:      { pay: 'ALREADY_PAID',      ship: 'shipped',           cancel: 'ALREADY_PAID' },
  shipped:   { pay: 'ALREADY_PAID',      ship: 'ALREADY_SHIPPED',   cancel: 'ALREADY_SHIPPED' },
  cancelled: { pay: 'ALREADY_CANCELLED', ship: 'ALREADY_CANCELLED', cancel: 'ALREADY_CANCELLED' },
};

const PARTICIPLES: Readonly<Record<OrderAction, string>> = { pay: 'paid', ship: 'shipped', cancel: 'cancelled' };
const STATUSES: readonly string[] = Object.keys(ORDER_TRANSITIONS);

export interface OrderState {
  readonly id: string;
  readonly status: OrderStatus;
  readonly totalCents: number;
  readonly version: number;
}

export interface PricedLine {
  readonly sku: string;
  readonly quantity: number;
  readonly unitCents: number;
}

export function totalOf(lines: readonly PricedLine[]): number {
  return lines.reduce((sum, line) => sum + line.quantity * line.unitCents, 0);
}

/** The order after an action. Refuses what its status does not allow. */
export function act<Order extends OrderState>(order: Order, action: OrderAction): Order {
  const result = ORDER_TRANSITIONS[order.status][action];
  if (!isStatus(result))
    throw new Refusal(result, `order ${order.id} is ${order.status} and cannot be ${PARTICIPLES[action]}`);
  return { ...order, status: result, version: order.version + 1 };
}

/** The order after a payment, which has to be of its total, and is taken once. */
export function pay<Order extends OrderState>(order: Order, amountCents: number): Order {
  const paid = act(order, 'pay');
  if (amountCents !== order.totalCents) {
    throw new Refusal('AMOUNT_WRONG', `order ${order.id} costs ${order.totalCents} cents, not ${amountCents}`);
  }
  return paid;
}

function isStatus(result: OrderStatus | RefusalCode): result is OrderStatus {
  return STATUSES.includes(result);
}
