import { encodePayload, SchemaCache, type SchemaSource, subjectName } from '#libs/codec';
import { PostgresSchemaSource } from '#libs/stores/schemas';
import type { EventSchema, Message } from '../message.ts';
import { queryable } from '../transaction/queryable.ts';
import type { TransactionHandle } from '../transaction/handle.ts';
import type { OutboxSchemas } from './outbox-schemas.ts';

/** Gives messages their payload in the registry's wire format, where topic or message have a schema. */
export class EventEncoder {
  readonly #options: OutboxSchemas;
  readonly #cache: SchemaCache;
  readonly #shared: SchemaSource | undefined;

  constructor(options: OutboxSchemas = {}) {
    this.#options = options;
    this.#cache = new SchemaCache(options);
    this.#shared = options.source && this.#cache.over(options.source);
  }

  /**
   * The message with its payload as bytes and the schema's id; unchanged where it has no schema, a tombstone, or bytes with an
   * id of their own. Rejects with PAYLOAD_INVALID, SCHEMA_UNKNOWN, SCHEMA_INVALID.
   */
  async encode<M extends Message>(tx: TransactionHandle, topic: string, message: M): Promise<M> {
    const wanted = this.#schemaOf(topic, message);
    if (wanted === undefined) return message;
    const schemas = this.#shared ?? this.#cache.over(new PostgresSchemaSource(await queryable(tx)));
    const { strategy = 'TOPIC' } = this.#options;
    const question = { topic, part: 'value', recordName: wanted.record } as const;
    const subject = wanted.subject ?? (await subjectName(strategy, question, schemas));
    const found = await (wanted.version === undefined
      ? schemas.latest(subject)
      : schemas.byVersion(subject, wanted.version));
    const { schema, version } = found;
    const name = schema.schemaType === 'PROTOBUF' ? wanted.record : undefined;
    const payload = encodePayload(schema, message.payload, { topic, subject, version, message: name });
    return { ...message, payload, schemaId: schema.id };
  }

  #schemaOf(topic: string, message: Message): EventSchema | undefined {
    // What is no message is refused where messages are checked.
    if (typeof message !== 'object' || message === null || message.payload === null) return undefined;
    if (message.schemaId !== undefined) return undefined;
    if (message.schema !== undefined) return message.schema;
    const { topics } = this.#options;
    const setting = topics !== undefined && Object.hasOwn(topics, topic) ? topics[topic] : undefined;
    return setting === true ? {} : setting;
  }
}
