import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { OutboxService } from '#libs/sdk';
import type { OrderEvents } from '../events.ts';
import { Refusal } from '../refusal.ts';
import { type MovementReason, StockMovement } from './stock-movement.entity.ts';
import { Stock } from './stock.entity.ts';
import type { StockLevel } from './stock.rules.ts';

/** An article as a transaction sees it. */
export type Article = StockLevel & { readonly unitCents: number };

/** Articles that a transaction has locked, by SKU. */
export type Shelf = ReadonlyMap<string, Article>;

export interface Movement {
  readonly sku: string;
  readonly quantity: number;
  readonly reason: MovementReason;
  readonly orderId: string | null;
}

/** Reads and writes stock inside the caller's transaction, with an event for each change. */
@Injectable()
export class StockLedger {
  constructor(private readonly outbox: OutboxService<OrderEvents>) {}

  /**
   * Locks the articles until the transaction ends. In order of SKU, so that two orders of the same articles cannot wait
   * for each other. Refuses with SKU_UNKNOWN.
   */
  async lock(manager: EntityManager, skus: readonly string[]): Promise<Shelf> {
    const wanted = [...new Set(skus)];
    const found = await manager
      .createQueryBuilder(Stock, 'stock')
      .where('stock.sku in (:...wanted)', { wanted })
      .orderBy('stock.sku')
      .setLock('pessimistic_write')
      .getMany();
    const shelf = new Map(found.map((article) => [article.sku, article]));
    const unknown = wanted.find((sku) => !shelf.has(sku));
    if (unknown !== undefined) throw new Refusal('SKU_UNKNOWN', `there is no article ${unknown}`);
    return shelf;
  }

  /** Applies a rule of stock.rules.ts to each line, one after the other, and returns the shelf as it is then. */
  async move(
    manager: EntityManager,
    shelf: Shelf,
    movements: readonly Movement[],
    rule: (stock: StockLevel, quantity: number) => StockLevel,
  ): Promise<Shelf> {
    const levels = new Map(shelf);
    for (const movement of movements) {
      const before = levels.get(movement.sku)!;
      const after = { ...before, ...rule(before, movement.quantity) };
      await this.record(manager, after, movement);
      levels.set(movement.sku, after);
    }
    return levels;
  }

  private async record(manager: EntityManager, level: StockLevel, movement: Movement): Promise<void> {
    const { sku, version, onHand, reserved } = level;
    const { reason, quantity, orderId } = movement;
    const at = new Date();
    await manager.update(Stock, { sku }, { version, onHand, reserved });
    await manager.insert(StockMovement, { sku, version, reason, quantity, orderId, at });
    await this.outbox.emit(manager, 'stock.changed', {
      key: sku,
      headers: { version: String(version) },
      payload: { sku, version, at: at.toISOString(), reason, quantity, onHand, reserved },
    });
  }
}
