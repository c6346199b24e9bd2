import { TidemarkError } from '#libs/foundation/kernel';
import type { Database } from '#libs/foundation/postgres';
import type { SchemaReference, SchemaType } from '#libs/formats/schema';
import { createSchemaRegistry, RegistryError, SCHEMA_FORMATS } from '#libs/stores/schemas';
import type { TransactionHandle } from '../transaction/handle.ts';
import { queryable } from '../transaction/queryable.ts';

export interface NewSchema {
  readonly subject: string;
  /** Default AVRO. */
  readonly schemaType?: SchemaType;
  /** The text of the schema; an object is written as JSON. */
  readonly schema: string | object;
  /** Versions of other subjects that it uses; -1 is the latest. */
  readonly references?: readonly SchemaReference[];
  /** Who registers, for the audit; default `sdk`. */
  readonly actor?: string;
}

export interface RegisteredSchema {
  readonly id: number;
  readonly guid: string;
  readonly subject: string;
  readonly version: number;
}

/** A registration in a transaction asks nothing outside of it. */
const NOTHING_OUTSIDE = {
  query: () => Promise.reject(new Error('a registration asked for something outside of its transaction')),
  transaction: () => Promise.reject(new Error('a registration began a transaction of its own')),
} as unknown as Database;

const registry = createSchemaRegistry({ database: NOTHING_OUTSIDE, formats: SCHEMA_FORMATS, cacheBytesMax: 0 });

/**
 * Registers a schema in the caller's transaction, which has to be READ COMMITTED: it is there if and only if that commits,
 * like the tables that a migration makes beside it. The same schema again is answered with the version that it has. Takes the
 * subject's lock until the transaction ends: register several in the order of their subjects. Rejects with SCHEMA_INVALID when
 * the text is no schema, or not compatible with the versions before it; then roll the transaction back.
 */
export async function registerSchema(tx: TransactionHandle, schema: NewSchema): Promise<RegisteredSchema> {
  const { subject, schemaType = 'AVRO', references = [], actor = 'sdk' } = schema;
  const text = typeof schema.schema === 'string' ? schema.schema : JSON.stringify(schema.schema);
  try {
    const registered = await registry.registerInTransaction(
      await queryable(tx),
      subject,
      { schemaType, schema: text, references },
      { normalize: false, format: '', force: false },
      { actor },
    );
    return { id: registered.id, guid: registered.guid, subject: registered.subject, version: registered.version };
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
    throw new TidemarkError('SCHEMA_INVALID', `${subject} was not registered: ${error.message}`, {
      context: { subject, errorCode: error.errorCode },
      cause: error,
    });
  }
}
