import type { CompatibilityRules } from '#libs/compatibility/levels';
import { type AvroSchema, avroFormat } from '#libs/formats/avro';
import type { SchemaFormat, SchemaType } from '#libs/formats/schema';
import { createTestDatabase, type TestDatabase } from '#libs/foundation/testing';
import {
  createSchemaRegistry,
  type PostgresSchemaRegistry,
  type SchemaRegistryOptions,
} from '../src/postgres-schema-registry.ts';
import { RegistryError } from '../src/registry-error.ts';
import type { RegisterOptions, SchemaRequest } from '../src/registry.ts';
import type { SchemaFormats } from '../src/schema-formats.ts';

/** A rule that is enough to make schemas incompatible: the reader has a field without a default that the writer lacks. */
const fieldRules: CompatibilityRules<AvroSchema> = {
  differences(reader, writer) {
    const fieldsOf = (schema: AvroSchema) => (schema.root.kind === 'record' ? schema.root.fields : []);
    const written = new Set(fieldsOf(writer).map((field) => field.name));
    return fieldsOf(reader).flatMap((field, index) =>
      written.has(field.name) || field.default !== undefined
        ? []
        : [
            {
              type: 'READER_FIELD_MISSING_DEFAULT_VALUE',
              path: `/fields/${index}`,
              description: `The field '${field.name}' at path '/fields/${index}' in the {reader} schema has no default value and is missing in the {writer} schema`,
              additionalInfo: field.name,
              fix: { ifReaderIsNew: `Give ${field.name} a default.`, ifWriterIsNew: `Keep ${field.name}.` },
            },
          ],
    );
  },
};

const avro = { format: avroFormat, rules: fieldRules };
/** JSON and Protobuf stand on Avro's syntax here: what the store does with a format does not depend on which one it is. */
const as = (type: SchemaType) => ({
  ...avro,
  format: { ...avroFormat, type } as SchemaFormat<AvroSchema>,
});
export const FORMATS: SchemaFormats = { AVRO: avro, JSON: as('JSON'), PROTOBUF: as('PROTOBUF') };

export const BY = { actor: 'ada', requestId: 'r-1', role: 'operator', via: 'test' };
export const PLAIN: RegisterOptions = { normalize: false, format: '', force: false };

/** A record of strings with these fields; a field with a `?` has a default. */
export function record(name: string, ...fields: string[]): string {
  return JSON.stringify({
    type: 'record',
    name,
    fields: fields.map((field) =>
      field.endsWith('?') ? { name: field.slice(0, -1), type: 'string', default: '' } : { name: field, type: 'string' },
    ),
  });
}

export interface TestRegistry {
  readonly database: TestDatabase;
  readonly registry: PostgresSchemaRegistry;
  /** Another one on the same database, with a pool of its own. */
  another(options?: Partial<SchemaRegistryOptions>): PostgresSchemaRegistry;
  register(
    subject: string,
    schema: string,
    more?: Partial<SchemaRequest>,
  ): ReturnType<PostgresSchemaRegistry['register']>;
  stop(): Promise<void>;
}

export async function startRegistry(options: Partial<SchemaRegistryOptions> = {}): Promise<TestRegistry> {
  const database = await createTestDatabase();
  const another = (more: Partial<SchemaRegistryOptions> = {}) =>
    createSchemaRegistry({ database: database.pool(4), formats: FORMATS, ...options, ...more });
  const registry = another();
  return {
    database,
    registry,
    another,
    register: (subject, schema, more) => registry.register(subject, { schema, ...more }, PLAIN, BY),
    stop: () => database.drop(),
  };
}

/** The code and the message that a call is refused with. */
export async function refusal(call: Promise<unknown>): Promise<{ code: number; message: string }> {
  const outcome = await call.then(
    (value: unknown) => value,
    (error: unknown) => error,
  );
  if (outcome instanceof RegistryError) return { code: outcome.errorCode, message: outcome.message };
  throw new Error(
    `expected a RegistryError, got ${outcome instanceof Error ? outcome.stack : JSON.stringify(outcome)}`,
  );
}
