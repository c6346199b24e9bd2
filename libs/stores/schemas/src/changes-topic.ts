import type { Database } from '#libs/foundation/postgres';
import { ensureChangesTopic } from './postgres/record-change.sql.ts';

/** Sees to it once that the topic of changes is there, before the transactions that announce something. */
export class ChangesTopic {
  readonly #database: Database;
  #there = false;

  constructor(database: Database) {
    this.#database = database;
  }

  async ensure(): Promise<void> {
    if (this.#there) return;
    await ensureChangesTopic(this.#database);
    this.#there = true;
  }
}
