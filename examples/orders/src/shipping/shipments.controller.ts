import { BadRequestException, Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { EntityManager } from 'typeorm';
import { type HandlerOptions, OnTopic, TidemarkContext } from '#libs/sdk/nest';
import { type OrderEvents, orderShipped } from '../events.ts';
import { ParcelsService } from './parcels.service.ts';

/**
 * Three tries at once for what passes by itself, then a retry topic with later ones; what is no such event at all goes to
 * the dlq like an order that nobody takes. Services whose carriers are really away for hours set more tiers.
 */
const OPTIONS: HandlerOptions = {
  concurrency: 8,
  attempts: 3,
  backoff: { minMs: 20, maxMs: 100 },
  retryTiers: [{ delayMs: 500, attempts: 3 }],
  errors: { fatal: [BadRequestException] },
};

@Controller()
export class ShipmentsController {
  constructor(private readonly parcels: ParcelsService) {}

  /** Takes effect once for each order that left the shelf: everything is written in the transaction of the delivery. */
  @OnTopic('orders.shipped', OPTIONS)
  async shipped(
    @Payload({ schema: orderShipped }) order: OrderEvents['orders.shipped'],
    @Ctx() context: TidemarkContext<EntityManager>,
  ): Promise<void> {
    await this.parcels.book(context.transaction(), order, context);
  }
}
