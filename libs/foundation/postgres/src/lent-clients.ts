import type pg from 'pg';

/** The clients of a pool that somebody has at the moment. */
export class LentClients {
  readonly #lent = new Set<pg.PoolClient>();

  constructor(pool: pg.Pool) {
    pool.on('acquire', (client) => void this.#lent.add(client));
    pool.on('release', (_error, client) => void this.#lent.delete(client));
  }

  get size(): number {
    return this.#lent.size;
  }

  /** Runs `work` for each of them, all at the same time. */
  async each(work: (client: pg.PoolClient) => Promise<void>): Promise<void> {
    await Promise.all([...this.#lent].map(work));
  }
}
