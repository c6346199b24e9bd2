import { type DynamicModule, type FactoryProvider, Module, type ModuleMetadata } from '@nestjs/common';
import { TidemarkServer, type TidemarkServerOptions } from './tidemark-server.ts';

export interface TidemarkConsumerModuleAsyncOptions extends Pick<ModuleMetadata, 'imports'> {
  /** Providers that the factory receives, in this order: the DataSource by `getDataSourceToken()`. */
  readonly inject?: FactoryProvider['inject'];
  readonly useFactory: (...dependencies: never[]) => TidemarkServerOptions | Promise<TidemarkServerOptions>;
}

/**
 * Provides TidemarkServer, for applications whose database lives in the container:
 * `app.connectMicroservice({ strategy: app.get(TidemarkServer) }, { inheritAppConfig: true })`.
 */
export class TidemarkConsumerModule {
  static forRoot(options: TidemarkServerOptions): DynamicModule {
    return TidemarkConsumerModule.forRootAsync({ useFactory: () => options });
  }

  static forRootAsync({ imports = [], inject = [], useFactory }: TidemarkConsumerModuleAsyncOptions): DynamicModule {
    const server: FactoryProvider = {
      provide: TidemarkServer,
      inject,
      useFactory: async (...dependencies: never[]) => new TidemarkServer(await useFactory(...dependencies)),
    };
    return { module: TidemarkConsumerModule, imports, providers: [server], exports: [TidemarkServer] };
  }
}

// Called rather than written as a decorator, so that plain Node can load this file by stripping its types.
Module({})(TidemarkConsumerModule);
