import type { SchemaCacheOptions, SchemaSource, SubjectNameStrategy } from '#libs/codec';
import type { EventSchema } from '../message.ts';

/** How an outbox encodes payloads. */
export interface OutboxSchemas extends SchemaCacheOptions {
  /**
   * Topics whose payloads have a schema: `{ 'orders.placed': true }`, or what to use in place of the latest version of the
   * subject that the strategy names. Other topics get JSON text without a schema, unless a message says one.
   */
  readonly topics?: Readonly<Record<string, EventSchema | true>>;
  /** How a subject follows from a topic; default TOPIC: `orders.placed-value`. */
  readonly strategy?: SubjectNameStrategy;
  /**
   * Where schemas come from. Default: the registry's tables in the database of the transaction, read through it, so that an
   * event can use a schema that its own transaction registered.
   */
  readonly source?: SchemaSource;
}
