import { expect } from '@jest/globals';
import { Database } from '#libs/foundation/postgres';
import { eventually } from '#libs/foundation/testing';
import { ConsumerChild } from './consumer-child.ts';
import type { ConsumerGround } from './consumer-ground.ts';
import { type ConsumerSetup, EFFECT_GROUPS } from './consumer-setup.ts';
import { type ConsumerTruth, consumerViolations } from './consumer-truth.ts';
import { OrderWriter } from './order-writer.ts';
import { EFFECT_TABLE, readConsumerTruth, readUnsettled } from './read-consumer-truth.ts';

const VIOLATIONS_SHOWN = 20;

type Tuning = Pick<ConsumerSetup, 'retryDelayMs' | 'handlerMaxMs'>;

/** Consumer processes and a writer on one ground; `close` ends them all, also after a failed test. */
export class ConsumerBench {
  readonly #ground: ConsumerGround;
  readonly #tuning: Tuning;
  readonly #children: ConsumerChild[] = [];
  readonly #writer: OrderWriter;
  readonly #pool: Database;

  private constructor(ground: ConsumerGround, tuning: Tuning, writer: OrderWriter, pool: Database) {
    this.#ground = ground;
    this.#tuning = tuning;
    this.#writer = writer;
    this.#pool = pool;
  }

  /** The ground is closed with the bench. */
  static async open(
    ground: ConsumerGround,
    options: Tuning & { readonly random: () => number; readonly pauseMs: number },
  ): Promise<ConsumerBench> {
    const { random, pauseMs, ...tuning } = options;
    const pool = new Database({ url: ground.url, poolMax: 2, applicationName: 'tidemark scenario orders' });
    await pool.query(EFFECT_TABLE);
    await pool.query(`select outbox.create_topic('shipped', 2)`);
    return new ConsumerBench(ground, tuning, new OrderWriter(pool, random, pauseMs), pool);
  }

  get db(): Database {
    return this.#ground.db;
  }

  get writer(): OrderWriter {
    return this.#writer;
  }

  get sessionTimeoutMs(): number {
    return this.#ground.setup.sessionTimeoutMs;
  }

  consumer(): ConsumerChild {
    const child = new ConsumerChild({ url: this.#ground.url, ...this.#ground.setup, ...this.#tuning });
    this.#children.push(child);
    return child;
  }

  /** Lines of all processes that begin with the word. */
  said(word: string): number {
    return this.#children.reduce((sum, child) => sum + child.said(word), 0);
  }

  async effects(): Promise<number> {
    const { rows } = await this.db.query<{ n: number }>('select count(*)::integer as n from effect');
    return rows[0]!.n;
  }

  /** Resolves once there are so many more effects than now. */
  async progress(effects: number, withinMs = 30_000): Promise<void> {
    const before = await this.effects();
    await this.#eventually(async () => expect(await this.effects()).toBeGreaterThanOrEqual(before + effects), withinMs);
  }

  /** Ends the writer, waits until all is consumed, and compares. Answers what it saw. */
  async expectTruth(withinMs: number): Promise<ConsumerTruth> {
    await this.#writer.stop();
    await this.#eventually(async () => {
      expect(await readUnsettled(this.db)).toEqual({ withoutEffect: 0, retrying: 0, parked: 0 });
      for (const { group } of EFFECT_GROUPS) expect(await this.#ground.behind(group)).toEqual([]);
    }, withinMs);
    const truth = await readConsumerTruth(this.db);
    expect(consumerViolations(truth, EFFECT_GROUPS).slice(0, VIOLATIONS_SHOWN)).toEqual([]);
    expect(truth.orders.length).toBeGreaterThan(0);
    return truth;
  }

  async close(): Promise<void> {
    const [stopped] = await Promise.allSettled([this.#writer.stop()]);
    await Promise.all(this.#children.filter((child) => child.running).map((child) => child.kill()));
    await this.#pool.close();
    await this.#ground.close();
    if (stopped.status === 'rejected') throw stopped.reason;
  }

  async #eventually<T>(probe: () => Promise<T>, withinMs: number): Promise<T> {
    try {
      return await eventually(probe, withinMs);
    } catch (error) {
      const words = this.#children.map((child) => [`process ${child.pid}:`, ...child.lines.slice(-8)].join('\n  '));
      throw new Error(`${String(error)}\n${words.join('\n')}`, { cause: error });
    }
  }
}
