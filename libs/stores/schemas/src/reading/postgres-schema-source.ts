import { TidemarkError } from '#libs/foundation/kernel';
import type { Queryable } from '#libs/foundation/postgres';
import type { Dependency, SchemaType } from '#libs/formats/schema';
import { referenceClosure } from '../contents/reference-closure.ts';
import { DEFAULT_CONTEXT, parseSubject, printSubject } from '../names/qualified-subject.ts';
import { findAssociationsByName } from '../postgres/find-associations.sql.ts';
import { findByGuid } from '../postgres/find-by-guid.sql.ts';
import { findById } from '../postgres/find-by-id.sql.ts';
import { findLatestVersion, findVersion } from '../postgres/find-version.sql.ts';
import { readTransactionStart } from '../postgres/read-transaction-start.sql.ts';
import type { StoredVersion } from '../stored-schema.ts';

/** A schema with all that it references, as codecs take it. */
export interface SourceSchema {
  readonly id: number;
  readonly guid: string;
  readonly schemaType: SchemaType;
  readonly text: string;
  readonly dependencies: readonly Dependency[];
}

export interface SourceVersion {
  readonly subject: string;
  readonly version: number;
  readonly schema: SourceSchema;
  /** False for a version that this transaction, or one that is as young, registered: it may be rolled back. */
  readonly settled: boolean;
}

/**
 * Schemas from the registry's tables, through one connection or pool: in a business transaction it sees what that registered.
 * Only reads; keeps nothing. Rejects with SCHEMA_UNKNOWN.
 */
export class PostgresSchemaSource {
  readonly #db: Queryable;

  constructor(db: Queryable) {
    this.#db = db;
  }

  async byId(id: number): Promise<SourceSchema> {
    return this.#schema((await findById(this.#db, DEFAULT_CONTEXT, id, '')) ?? unknown(`schema ${id}`));
  }

  async byGuid(guid: string): Promise<SourceSchema> {
    return this.#schema((await findByGuid(this.#db, guid)) ?? unknown(`schema ${guid}`));
  }

  async latest(subject: string): Promise<SourceVersion> {
    const { context, subject: name } = parseSubject(subject);
    return this.#version((await findLatestVersion(this.#db, context, name)) ?? unknown(`subject ${subject}`));
  }

  async byVersion(subject: string, version: number): Promise<SourceVersion> {
    const { context, subject: name } = parseSubject(subject);
    const found = await findVersion(this.#db, context, name, version);
    return this.#version(found === undefined || found.deleted ? unknown(`${subject} version ${version}`) : found);
  }

  /** What a topic is associated with in the registry, in any namespace. Rejects with SCHEMA_UNKNOWN when that is ambiguous. */
  async associatedSubject(topic: string, part: 'key' | 'value'): Promise<string | undefined> {
    const filter = { resourceType: 'topic', associationTypes: [part], lifecycle: '' };
    const found = await findAssociationsByName(this.#db, '-', topic, filter);
    if (found.length > 1) unknown(`single subject of topic ${topic}: it is associated with ${found.length}`);
    return found[0]?.subject;
  }

  async #version(stored: StoredVersion): Promise<SourceVersion> {
    const settled = stored.ts < (await readTransactionStart(this.#db));
    return { subject: printSubject(stored), version: stored.version, schema: await this.#schema(stored), settled };
  }

  async #schema(stored: StoredVersion): Promise<SourceSchema> {
    const { id, guid, type, text, references, context } = stored;
    const find = (context: string, subject: string, version: number) =>
      findVersion(this.#db, context, subject, version);
    const dependencies = await referenceClosure(references, context, find);
    return { id, guid, schemaType: type, text, dependencies };
  }
}

function unknown(what: string): never {
  throw new TidemarkError('SCHEMA_UNKNOWN', `the registry of this database has no ${what}`);
}
