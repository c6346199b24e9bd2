import { Controller, Get, NotFoundException, Param } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { z } from 'zod';

const customerIdParam = z.string().min(1).max(40);

/** What the projection knows: a moment behind the tables of the orders, and cheap to ask. 64-bit sums are strings. */
@Controller('reports')
export class ReadModelController {
  constructor(@InjectDataSource() private readonly source: DataSource) {}

  @Get('customers/:id')
  async customer(@Param('id', { schema: customerIdParam }) id: string): Promise<object> {
    const [summary] = await this.source.query<object[]>(
      'select * from orders_view.customer_summary where customer_id = $1',
      [id],
    );
    if (summary === undefined) throw new NotFoundException(`nothing is known of customer ${id} (yet)`);
    return summary;
  }

  @Get('revenue')
  revenue(): Promise<object[]> {
    return this.source.query(
      'select day::text, payments, cents from orders_view.revenue_by_day order by day desc limit 400',
    );
  }

  @Get('stock')
  stock(): Promise<object[]> {
    return this.source.query('select sku, on_hand, reserved, version from orders_view.stock_level order by sku');
  }
}
