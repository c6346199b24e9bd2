import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { z } from 'zod';
import { orderId, paymentRequest, placeOrderRequest, type PlaceOrder } from './order.requests.ts';
import { OrdersService, type PlacedOrder } from './orders.service.ts';

type Payment = z.infer<typeof paymentRequest>;

@Controller('orders')
export class OrdersController {
  constructor(private readonly orders: OrdersService) {}

  @Post()
  place(@Body({ schema: placeOrderRequest }) request: PlaceOrder): Promise<PlacedOrder> {
    return this.orders.place(request);
  }

  @Get(':id')
  find(@Param('id', { schema: orderId }) id: string): Promise<object> {
    return this.orders.find(id);
  }

  @Post(':id/payments')
  pay(
    @Param('id', { schema: orderId }) id: string,
    @Body({ schema: paymentRequest }) payment: Payment,
  ): Promise<object> {
    return this.orders.pay(id, payment.amountCents);
  }

  @Post(':id/cancellation')
  @HttpCode(204)
  cancel(@Param('id', { schema: orderId }) id: string): Promise<void> {
    return this.orders.cancel(id);
  }

  @Post(':id/shipment')
  @HttpCode(204)
  ship(@Param('id', { schema: orderId }) id: string): Promise<void> {
    return this.orders.ship(id);
  }
}
