import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';
import { OutboxService } from '#libs/sdk';
import type { OrderEvents } from '../events.ts';
import { Refusal } from '../refusal.ts';
import { type Movement, type Shelf, StockLedger } from '../stock/stock-ledger.ts';
import { release, reserve, ship } from '../stock/stock.rules.ts';
import { OrderChange } from './order-change.entity.ts';
import { OrderLine } from './order-line.entity.ts';
import { Order } from './order.entity.ts';
import type { PlaceOrder } from './order.requests.ts';
import { act, pay, totalOf } from './order.rules.ts';
import { Payment } from './payment.entity.ts';

type WantedLine = PlaceOrder['lines'][number];

/** What the customer is told about a new order. */
export interface PlacedOrder {
  readonly orderId: string;
  readonly totalCents: number;
  /** False when extras were wanted and are not part of the order. */
  readonly extrasIncluded: boolean;
}

/**
 * What can be done with an order. Each method is one transaction: the tables, their history and the events change together,
 * or, when a rule refuses, not at all.
 */
@Injectable()
export class OrdersService {
  constructor(
    @InjectDataSource() private readonly source: DataSource,
    private readonly outbox: OutboxService<OrderEvents>,
    private readonly stock: StockLedger,
  ) {}

  /** Refuses with SKU_UNKNOWN and OUT_OF_STOCK. */
  async place(request: PlaceOrder): Promise<PlacedOrder> {
    const orderId = randomUUID();
    return this.source.transaction(async (manager) => {
      const wanted = [...request.lines, ...request.extras];
      const shelf = await this.stock.lock(
        manager,
        wanted.map((line) => line.sku),
      );
      const reserved = await this.stock.move(manager, shelf, movements(orderId, request.lines, 'reserved'), reserve);
      const extrasIncluded = await this.reserveExtras(manager, reserved, orderId, request.extras);
      const lines = (extrasIncluded ? wanted : request.lines).map((line) => ({
        ...line,
        unitCents: shelf.get(line.sku)!.unitCents,
      }));
      const totalCents = totalOf(lines);
      const placedAt = new Date();
      const order = { id: orderId, customerId: request.customerId, status: 'placed', totalCents, version: 1 } as const;
      await manager.insert(Order, { ...order, placedAt });
      await manager.insert(
        OrderLine,
        lines.map((line, index) => ({ ...line, orderId, lineNo: index + 1 })),
      );
      await manager.insert(OrderChange, { orderId, version: 1, status: 'placed', at: placedAt });
      await this.outbox.emit(manager, 'orders.placed', {
        key: orderId,
        headers: { version: '1' },
        payload: { orderId, customerId: order.customerId, version: 1, at: placedAt.toISOString(), lines, totalCents },
      });
      return { orderId, totalCents, extrasIncluded };
    });
  }

  /** Refuses with ORDER_UNKNOWN, AMOUNT_WRONG, ALREADY_PAID and ALREADY_CANCELLED. */
  async pay(orderId: string, amountCents: number): Promise<{ paymentId: string }> {
    const paymentId = randomUUID();
    await this.change(orderId, async (manager, before) => {
      const order = pay(before, amountCents);
      const at = await this.save(manager, order);
      await manager.insert(Payment, { id: paymentId, orderId, amountCents, receivedAt: at });
      const { customerId, version } = order;
      await this.outbox.emit(manager, 'payments.received', {
        key: orderId,
        headers: { version: String(version) },
        payload: {
          order_id: orderId,
          customer_id: customerId,
          version,
          at: at.toISOString(),
          payment_id: paymentId,
          amount_cents: BigInt(amountCents),
        },
      });
    });
    return { paymentId };
  }

  /** Refuses with ORDER_UNKNOWN and whatever the order's status forbids. */
  async cancel(orderId: string): Promise<void> {
    await this.change(orderId, async (manager, before) => {
      const order = act(before, 'cancel');
      const at = await this.save(manager, order);
      const lines = await this.linesOf(manager, orderId);
      const shelf = await this.stock.lock(
        manager,
        lines.map((line) => line.sku),
      );
      await this.stock.move(manager, shelf, movements(orderId, lines, 'released'), release);
      const { customerId, version, totalCents } = order;
      await this.outbox.emit(manager, 'orders.cancelled', {
        key: orderId,
        headers: { version: String(version) },
        payload: { orderId, customerId, version, at: at.toISOString(), totalCents },
      });
    });
  }

  /** Refuses with ORDER_UNKNOWN and whatever the order's status forbids. */
  async ship(orderId: string): Promise<void> {
    await this.change(orderId, async (manager, before) => {
      const order = act(before, 'ship');
      const at = await this.save(manager, order);
      const lines = await this.linesOf(manager, orderId);
      const shelf = await this.stock.lock(
        manager,
        lines.map((line) => line.sku),
      );
      await this.stock.move(manager, shelf, movements(orderId, lines, 'shipped'), ship);
      const { customerId, version } = order;
      await this.outbox.emit(manager, 'orders.shipped', {
        key: orderId,
        headers: { version: String(version) },
        payload: { orderId, customerId, version, at: at.toISOString() },
      });
    });
  }

  /** The order with its lines. Refuses with ORDER_UNKNOWN. */
  async find(orderId: string): Promise<Order & { lines: OrderLine[] }> {
    const order = await this.source.manager.findOneBy(Order, { id: orderId });
    if (order === null) throw new Refusal('ORDER_UNKNOWN', `there is no order ${orderId}`);
    return Object.assign(order, { lines: await this.linesOf(this.source.manager, orderId) });
  }

  /**
   * Extras come all together or not at all: they are reserved in a savepoint, and when one is short, the savepoint is
   * rolled back with the events of those that were reserved before it.
   */
  private async reserveExtras(
    manager: EntityManager,
    shelf: Shelf,
    orderId: string,
    extras: readonly WantedLine[],
  ): Promise<boolean> {
    if (extras.length === 0) return true;
    try {
      await manager.transaction((savepoint) =>
        this.stock.move(savepoint, shelf, movements(orderId, extras, 'reserved'), reserve),
      );
      return true;
    } catch (error) {
      if (error instanceof Refusal) return false;
      throw error;
    }
  }

  private change(orderId: string, work: (manager: EntityManager, order: Order) => Promise<void>): Promise<void> {
    return this.source.transaction(async (manager) => {
      const lock = { mode: 'pessimistic_write' } as const;
      const order = await manager.findOne(Order, { where: { id: orderId }, lock });
      if (order === null) throw new Refusal('ORDER_UNKNOWN', `there is no order ${orderId}`);
      await work(manager, order);
    });
  }

  private async save(manager: EntityManager, order: Order): Promise<Date> {
    const { id, status, version } = order;
    const at = new Date();
    await manager.update(Order, { id }, { status, version });
    await manager.insert(OrderChange, { orderId: id, version, status, at });
    return at;
  }

  private linesOf(manager: EntityManager, orderId: string): Promise<OrderLine[]> {
    return manager.find(OrderLine, { where: { orderId }, order: { lineNo: 'asc' } });
  }
}

function movements(orderId: string, lines: readonly WantedLine[], reason: Movement['reason']): Movement[] {
  return lines.map(({ sku, quantity }) => ({ sku, quantity, reason, orderId }));
}
