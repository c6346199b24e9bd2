export { createOutbox, type Outbox, type OutboxOptions } from './outbox.ts';
export type { AnyEvents, BatchMessage, EventMap, EventSchema, Headers, HeaderValue, Message } from './message.ts';
export { type NewSchema, type RegisteredSchema, registerSchema } from './schemas/register-schema.ts';
export type { OutboxSchemas } from './schemas/outbox-schemas.ts';
export type { TransactionHandle } from './transaction/handle.ts';
export {
  currentScope,
  currentTransaction,
  TransactionScope,
  withTransaction,
} from './transaction/current-transaction.ts';
export { createConsumer } from './consumer/create-consumer.ts';
export type { ConsumerSettings, CreateConsumerOptions } from './consumer/consumer-settings.ts';
export type { EventSubscription } from './consumer/event-subscription.ts';
export { SUBSCRIPTION_OPTION_NAMES } from './consumer/subscription-option-names.ts';
export type { DecodeMode } from './consumer/payload-decoder.ts';
export {
  type ConsumerDatabase,
  consumerDatabase,
  type DatabaseHandle,
  type DatabaseSettings,
  type TransactionOf,
} from './consumer/database/consumer-database.ts';
export { kafkaTransport, type KafkaTransportOptions } from './consumer/transport/kafka-transport.ts';
export { postgresTransport } from './consumer/transport/postgres-transport.ts';
export type { MemberOptions, Transport, TransportContext, TransportFactory } from './consumer/transport/transport.ts';
export { consumerMetrics, type MetricsRegistry } from './metrics/consumer-metrics.ts';
export {
  allObservers,
  type Consumer,
  type ConsumerObserver,
  type ConsumerStatus,
  type Delivery,
  type ErrorRules,
  FatalError,
  type RetryTier,
  type SubscriptionOptions,
} from '#libs/movers/consumer';
export { HttpSchemaSource, PayloadReader, SchemaCache, type SchemaSource } from '#libs/codec';
export { PostgresSchemaSource } from '#libs/stores/schemas';
export { type ErrorCode, TidemarkError } from '#libs/foundation/kernel';
export { OutboxService } from './nest/outbox-service.ts';
export { TidemarkModule, type TidemarkModuleAsyncOptions, type TidemarkModuleOptions } from './nest/tidemark.module.ts';
