import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { z } from 'zod';
import type { Stock } from './stock.entity.ts';
import { StockService } from './stock.service.ts';

const article = z.strictObject({
  sku: z.string().min(1).max(40),
  unitCents: z.int().min(0).max(10_000_000),
  quantity: z.int().min(1).max(10_000),
});
const delivery = z.strictObject({ quantity: z.int().min(1).max(10_000) });
const skuParam = z.string().min(1).max(40);
type Article = z.infer<typeof article>;
type Delivery = z.infer<typeof delivery>;

@Controller('stock')
export class StockController {
  constructor(private readonly stock: StockService) {}

  @Get()
  list(): Promise<Stock[]> {
    return this.stock.list();
  }

  @Post()
  @HttpCode(204)
  add(@Body({ schema: article }) { sku, unitCents, quantity }: Article): Promise<void> {
    return this.stock.add(sku, unitCents, quantity);
  }

  @Post(':sku/deliveries')
  @HttpCode(204)
  deliver(@Param('sku', { schema: skuParam }) sku: string, @Body({ schema: delivery }) body: Delivery): Promise<void> {
    return this.stock.deliver(sku, body.quantity);
  }
}
