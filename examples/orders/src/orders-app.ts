import { type LoggerService, StandardSchemaValidationPipe } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { OrdersOptions } from './orders-options.ts';
import { OrdersModule } from './orders.module.ts';
import { RefusalFilter } from './refusal.filter.ts';

/** The service, ready for `listen`. Its own tables and topics are made or brought up to date first. */
export async function createOrdersApp(options: OrdersOptions, logger?: LoggerService): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(
    OrdersModule.register(options),
    new FastifyAdapter({ bodyLimit: 64 * 1024 }),
    { abortOnError: false, ...(logger && { logger }) },
  );
  app.useGlobalPipes(new StandardSchemaValidationPipe());
  app.useGlobalFilters(new RefusalFilter());
  return app;
}
