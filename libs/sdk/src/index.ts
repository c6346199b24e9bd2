export { createOutbox, type Outbox, type OutboxOptions } from './outbox.ts';
export type { AnyEvents, BatchMessage, EventMap, EventSchema, Headers, HeaderValue, Message } from './message.ts';
export { type NewSchema, type RegisteredSchema, registerSchema } from './schemas/register-schema.ts';
export type { OutboxSchemas } from './schemas/outbox-schemas.ts';
export type { TransactionHandle } from './transaction/handle.ts';
export { type ErrorCode, TidemarkError } from '#libs/foundation/kernel';
export { OutboxService } from './nest/outbox-service.ts';
export { TidemarkModule, type TidemarkModuleAsyncOptions, type TidemarkModuleOptions } from './nest/tidemark.module.ts';
