import { Refusal } from '../refusal.ts';

/** What is in the warehouse of one article, and how much of it belongs to open orders. */
export interface StockLevel {
  readonly sku: string;
  readonly onHand: number;
  readonly reserved: number;
  readonly version: number;
}

/** Sets goods aside for an order. Refuses with OUT_OF_STOCK when not enough is free. */
export function reserve(stock: StockLevel, quantity: number): StockLevel {
  const free = stock.onHand - stock.reserved;
  if (quantity > free) throw new Refusal('OUT_OF_STOCK', `${stock.sku}: ${quantity} wanted, ${free} available`);
  return { ...stock, reserved: stock.reserved + quantity, version: stock.version + 1 };
}

/** Gives goods of a cancelled order free again. */
export function release(stock: StockLevel, quantity: number): StockLevel {
  return { ...stock, reserved: stock.reserved - quantity, version: stock.version + 1 };
}

/** Goods that were set aside leave the warehouse. */
export function ship(stock: StockLevel, quantity: number): StockLevel {
  return {
    ...stock,
    onHand: stock.onHand - quantity,
    reserved: stock.reserved - quantity,
    version: stock.version + 1,
  };
}

/** New goods arrive. */
export function deliver(stock: StockLevel, quantity: number): StockLevel {
  return { ...stock, onHand: stock.onHand + quantity, version: stock.version + 1 };
}
