import type { DataSource, EntitySchemaOptions, ObjectLiteral, Repository } from 'typeorm';
import { type Database, translatePostgresError } from '#libs/foundation/postgres';
import { configEntity } from './config.entity.ts';
import { contextEntity } from './context.entity.ts';
import { modeEntity } from './mode.entity.ts';
import { schemaEntity } from './schema.entity.ts';
import { subjectVersionEntity } from './subject-version.entity.ts';

const ENTITIES: readonly EntitySchemaOptions<ObjectLiteral>[] = [
  contextEntity,
  schemaEntity,
  subjectVersionEntity,
  configEntity,
  modeEntity,
] as readonly EntitySchemaOptions<ObjectLiteral>[];

/**
 * TypeORM's repositories of the registry's tables, for the ordinary reads. They work on the connections of the pool that is
 * there already, and TypeORM is loaded with the first question, since it is half of the start of a process.
 */
export class RegistryDataSource {
  readonly #database: Database;
  #opened: Promise<DataSource> | undefined;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Asks the repository of an entity. Throws as Database does. */
  async ask<E extends ObjectLiteral, T>(
    entity: EntitySchemaOptions<E>,
    question: (repository: Repository<E>) => Promise<T>,
  ): Promise<T> {
    try {
      return await question((await this.dataSource()).getRepository<E>(entity.name));
    } catch (error) {
      throw translatePostgresError((error as { driverError?: unknown }).driverError ?? error);
    }
  }

  /** Opened by the first call; a failure is tried again by the next. Nothing has to be closed but the pool. */
  dataSource(): Promise<DataSource> {
    this.#opened ??= this.#open().catch((error: unknown) => {
      this.#opened = undefined;
      throw error;
    });
    return this.#opened;
  }

  async #open(): Promise<DataSource> {
    const { DataSource, EntitySchema } = await import('typeorm');
    const source = new DataSource({
      type: 'postgres',
      entities: ENTITIES.map((options) => new EntitySchema(options)),
      driver: driverOn(this.#database.pool),
      installExtensions: false,
      synchronize: false,
    });
    return source.initialize();
  }
}

/** What TypeORM takes for the package pg: its new pool is the one that is there, which stays open when TypeORM is done. */
function driverOn(pool: Database['pool']): object {
  const shared = {
    on: () => shared,
    connect: pool.connect.bind(pool),
    end: (done: () => void) => {
      done();
    },
  };
  return {
    Pool: class {
      constructor() {
        return shared;
      }
    },
  };
}
