import { type LoggerService, StandardSchemaValidationPipe } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { TidemarkServer } from '#libs/sdk/nest';
import type { ShippingOptions } from './shipping-options.ts';
import { ShippingModule } from './shipping.module.ts';

/** The service, ready for `startAllMicroservices` and `listen`. Its own tables are made or brought up to date first. */
export async function createShippingApp(
  options: ShippingOptions,
  logger?: LoggerService,
): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(
    ShippingModule.register(options),
    new FastifyAdapter({ bodyLimit: 64 * 1024 }),
    { abortOnError: false, ...(logger && { logger }) },
  );
  app.useGlobalPipes(new StandardSchemaValidationPipe());
  app.connectMicroservice({ strategy: app.get(TidemarkServer) }, { inheritAppConfig: true });
  return app;
}
