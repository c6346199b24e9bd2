export { EventRecord } from './event-record.ts';
export { type HandlerOptions, TIDEMARK, OnTopic } from './handler-options.ts';
export { loggingObserver } from './logging-observer.ts';
export { TidemarkClient, type TidemarkClientOptions } from './tidemark-client.ts';
export { TidemarkConsumerModule, type TidemarkConsumerModuleAsyncOptions } from './tidemark-consumer.module.ts';
export { TidemarkBatchContext, TidemarkContext } from './tidemark-context.ts';
export { TidemarkServer, type TidemarkServerOptions, type TidemarkServerSettings } from './tidemark-server.ts';
