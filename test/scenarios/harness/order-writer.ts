import { systemSleep } from '#libs/foundation/lifecycle';
import type { Database, Queryable } from '#libs/foundation/postgres';
import { createOutbox } from '#libs/sdk';
import { EFFECT_GROUPS, ORDERS, type Order } from './consumer-setup.ts';

const KEYS = 24;
const BATCH_MAX = 8;
/** Effects that may be owed: what has piled up would be most of the test on a busy machine. */
const OWED_MAX = 120;
/** Orders from which one is chosen to come again. */
const RECENT = 300;

/**
 * Orders without end, most of them good, a few refused for some tries, a few poison; and now and then earlier ones appended
 * again under their ids, as a replay does.
 */
export class OrderWriter {
  readonly #db: Database;
  readonly #random: () => number;
  readonly #pauseMs: number;
  readonly #outbox = createOutbox();
  readonly #counts = new Map<string, number>();
  readonly #recent: string[] = [];
  #repeated = 0;
  #promised = 0;
  #stopping = false;
  #loop: Promise<void> = Promise.resolve();

  constructor(db: Database, random: () => number, pauseMs: number) {
    this.#db = db;
    this.#random = random;
    this.#pauseMs = pauseMs;
  }

  /** Orders that were appended again. */
  get repeated(): number {
    return this.#repeated;
  }

  start(): this {
    this.#loop = this.#run();
    // Told by stop.
    this.#loop.catch(() => undefined);
    return this;
  }

  /** Throws what went wrong. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#loop;
  }

  /** One transaction with orders of these traits, each of the next key. */
  async write(orders: readonly Omit<Order, 'n'>[], keyFrom = 0): Promise<void> {
    const messages = orders.map(({ fails, poison }, index) => {
      const key = `customer ${(keyFrom + index) % KEYS}`;
      const n = this.#counts.get(key) ?? 0;
      this.#counts.set(key, n + 1);
      return { topic: ORDERS, key, payload: { n, fails, poison } satisfies Order };
    });
    await this.#db.transaction(async (tx) => {
      const ids = await this.#outbox.emitBatch(tx, messages);
      this.#recent.push(...ids.filter((_, index) => messages[index]!.payload.poison === null));
    });
    // Poison has an effect in the other group.
    this.#promised += orders.reduce((sum, { poison }) => sum + (poison === null ? EFFECT_GROUPS.length : 1), 0);
    this.#recent.splice(0, this.#recent.length - RECENT);
  }

  async #run(): Promise<void> {
    while (!this.#stopping) {
      if ((await this.#owed()) > OWED_MAX) {
        await systemSleep(this.#pauseMs);
        continue;
      }
      const count = 1 + Math.trunc(this.#random() * BATCH_MAX);
      const orders = Array.from({ length: count }, () => this.#traits());
      await this.write(orders, Math.trunc(this.#random() * KEYS));
      if (this.#random() < 0.3) await this.#db.transaction((tx) => this.#repeat(tx));
      await systemSleep(this.#random() * this.#pauseMs * 2);
    }
  }

  async #owed(): Promise<number> {
    const { rows } = await this.#db.query<{ n: number }>('select count(*)::integer as n from effect');
    return this.#promised - rows[0]!.n;
  }

  #traits(): Omit<Order, 'n'> {
    const dice = this.#random();
    if (dice < 0.01) return { fails: 0, poison: 'fatal' };
    if (dice < 0.02) return { fails: 0, poison: 'retryable' };
    if (dice < 0.1) return { fails: 1 + Math.trunc(this.#random() * 3), poison: null };
    return { fails: 0, poison: null };
  }

  /** Not poison: each time that such a message comes it is another dead letter. */
  async #repeat(tx: Queryable): Promise<void> {
    const id = this.#recent[Math.trunc(this.#random() * this.#recent.length)];
    if (id === undefined) return;
    const { rowCount } = await tx.query(
      `select outbox.forward(t.name, m.key, m.payload, null, m.message_id)
       from (select * from outbox.message m where m.message_id = $1 limit 1) m
       join outbox.topic t on t.id = m.topic_id`,
      [id],
    );
    this.#repeated += rowCount ?? 0;
  }
}
