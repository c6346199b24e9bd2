import { type DynamicModule, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { TidemarkModule } from '#libs/sdk';
import { ORDER_MIGRATIONS } from '../migrations/index.ts';
import { ENCODED } from './events.ts';
import { OrderChange } from './order/order-change.entity.ts';
import { OrderLine } from './order/order-line.entity.ts';
import { Order } from './order/order.entity.ts';
import { OrdersController } from './order/orders.controller.ts';
import { OrdersService } from './order/orders.service.ts';
import { Payment } from './order/payment.entity.ts';
import { ORDERS_OPTIONS, type OrdersOptions } from './orders-options.ts';
import { ProjectionRunner } from './read-model/projection-runner.ts';
import { Projection } from './read-model/projection.ts';
import { ReadModelController } from './read-model/read-model.controller.ts';
import { StockLedger } from './stock/stock-ledger.ts';
import { StockMovement } from './stock/stock-movement.entity.ts';
import { Stock } from './stock/stock.entity.ts';
import { StockController } from './stock/stock.controller.ts';
import { StockService } from './stock/stock.service.ts';

/** Everything the service is made of: orders, stock, and the projection with its read model. */
@Module({})
export class OrdersModule {
  static register(options: OrdersOptions): DynamicModule {
    return {
      module: OrdersModule,
      imports: [
        TypeOrmModule.forRoot({
          type: 'postgres',
          url: options.databaseUrl,
          applicationName: 'orders',
          entities: [Order, OrderLine, OrderChange, Payment, Stock, StockMovement],
          migrations: ORDER_MIGRATIONS,
          migrationsTableName: 'orders_migration',
          migrationsRun: true,
          installExtensions: false,
          extra: { max: options.poolMax ?? 10 },
        }),
        TidemarkModule.forRoot({ schemas: ENCODED }),
      ],
      controllers: [OrdersController, StockController, ReadModelController],
      providers: [
        { provide: ORDERS_OPTIONS, useValue: options },
        OrdersService,
        StockService,
        StockLedger,
        Projection,
        ProjectionRunner,
      ],
    };
  }
}
