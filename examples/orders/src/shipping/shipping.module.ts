import { type DynamicModule, Module } from '@nestjs/common';
import { getDataSourceToken, TypeOrmModule } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { TidemarkModule } from '#libs/sdk';
import { TidemarkConsumerModule, type TidemarkServerOptions } from '#libs/sdk/nest';
import { SHIPPING_MIGRATIONS } from '../../migrations/index.ts';
import { Carriers } from './carrier/carrier.ts';
import { FlakyCarriers } from './carrier/flaky-carriers.ts';
import { HealthController } from './health.controller.ts';
import { Parcel } from './parcel.entity.ts';
import { ParcelsService } from './parcels.service.ts';
import { ShipmentsController } from './shipments.controller.ts';
import type { ShippingOptions } from './shipping-options.ts';

export const SHIPPING_GROUP = 'shipping';
const CALL_MS = 5;

/** Everything the service is made of. */
@Module({})
export class ShippingModule {
  static register({ databaseUrl, poolMax = 10, instanceId, carrierSeed = 1 }: ShippingOptions): DynamicModule {
    return {
      module: ShippingModule,
      imports: [
        TypeOrmModule.forRoot({
          type: 'postgres',
          url: databaseUrl,
          applicationName: 'shipping',
          entities: [Parcel],
          migrations: SHIPPING_MIGRATIONS,
          migrationsTableName: 'shipping_migration',
          migrationsRun: true,
          installExtensions: false,
          extra: { max: poolMax },
        }),
        TidemarkModule.forRoot(),
        TidemarkConsumerModule.forRootAsync({
          inject: [getDataSourceToken()],
          useFactory: (database: DataSource): TidemarkServerOptions => ({
            database,
            group: SHIPPING_GROUP,
            member: { instanceId, client: { service: 'shipping', pid: process.pid } },
            commitIntervalMs: 200,
          }),
        }),
      ],
      controllers: [ShipmentsController, HealthController],
      providers: [
        ParcelsService,
        { provide: Carriers, useFactory: () => new FlakyCarriers({ seed: carrierSeed, callMs: CALL_MS }) },
      ],
    };
  }
}
