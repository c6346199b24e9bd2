import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';
import { Refusal } from '../refusal.ts';
import { type Shelf, StockLedger } from './stock-ledger.ts';
import { Stock } from './stock.entity.ts';
import { deliver } from './stock.rules.ts';

@Injectable()
export class StockService {
  constructor(
    @InjectDataSource() private readonly source: DataSource,
    private readonly ledger: StockLedger,
  ) {}

  list(): Promise<Stock[]> {
    return this.source.manager.find(Stock, { order: { sku: 'asc' } });
  }

  /** A new article and its first goods. Refuses with SKU_EXISTS. */
  async add(sku: string, unitCents: number, quantity: number): Promise<void> {
    await this.source.transaction(async (manager) => {
      const article = { sku, unitCents, onHand: 0, reserved: 0, version: 0 };
      const { raw } = await manager
        .createQueryBuilder()
        .insert()
        .into(Stock)
        .values(article)
        .orIgnore()
        .returning('sku')
        .execute();
      if ((raw as unknown[]).length === 0) throw new Refusal('SKU_EXISTS', `there is an article ${sku} already`);
      await this.takeIn(manager, new Map([[sku, article]]), sku, quantity);
    });
  }

  /** Takes a delivery in. Refuses with SKU_UNKNOWN. */
  async deliver(sku: string, quantity: number): Promise<void> {
    await this.source.transaction(async (manager) => {
      await this.takeIn(manager, await this.ledger.lock(manager, [sku]), sku, quantity);
    });
  }

  private async takeIn(manager: EntityManager, shelf: Shelf, sku: string, quantity: number): Promise<void> {
    await this.ledger.move(manager, shelf, [{ sku, quantity, reason: 'delivered', orderId: null }], deliver);
  }
}
