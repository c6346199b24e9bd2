import { type DynamicModule, type FactoryProvider, Module, type ModuleMetadata } from '@nestjs/common';
import { createOutbox, type OutboxOptions } from '../outbox.ts';
import { OutboxService } from './outbox-service.ts';

export interface TidemarkModuleOptions extends OutboxOptions {
  /** Lets every module inject OutboxService without importing this one; default true. */
  readonly isGlobal?: boolean;
}

export interface TidemarkModuleAsyncOptions extends Pick<ModuleMetadata, 'imports'> {
  /** Lets every module inject OutboxService without importing this one; default true. */
  readonly isGlobal?: boolean;
  /** Providers that the factory receives, in this order. */
  readonly inject?: FactoryProvider['inject'];
  readonly useFactory: (...dependencies: never[]) => OutboxOptions | Promise<OutboxOptions>;
}

const OPTIONS = Symbol('tidemark options');

/**
 * Provides OutboxService. It opens no connection: each emit uses the client or EntityManager of the transaction that it
 * is given, as TypeORM's transactions pass it.
 */
export class TidemarkModule {
  static forRoot(options: TidemarkModuleOptions = {}): DynamicModule {
    const { isGlobal, ...outbox } = options;
    return moduleWith({ provide: OPTIONS, useFactory: () => outbox }, { isGlobal });
  }

  static forRootAsync(options: TidemarkModuleAsyncOptions): DynamicModule {
    const provider = {
      provide: OPTIONS,
      inject: options.inject ?? [],
      useFactory: options.useFactory as FactoryProvider['useFactory'],
    };
    return moduleWith(provider, options);
  }
}

// Called rather than written as a decorator, so that plain Node can load this file by stripping its types.
Module({})(TidemarkModule);

function moduleWith(
  options: FactoryProvider,
  settings: { isGlobal?: boolean; imports?: ModuleMetadata['imports'] },
): DynamicModule {
  return {
    module: TidemarkModule,
    global: settings.isGlobal ?? true,
    imports: settings.imports ?? [],
    providers: [
      options,
      {
        provide: OutboxService,
        inject: [OPTIONS],
        useFactory: (given: OutboxOptions) => new OutboxService(createOutbox(given)),
      },
    ],
    exports: [OutboxService],
  };
}
