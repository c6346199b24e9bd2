import { expect } from '@jest/globals';
import { Database } from '#libs/foundation/postgres';
import { createTestDatabase, eventually } from '#libs/foundation/testing';
import type { SequencerOptions } from '#libs/movers/sequencer';
import { readSequencerStatus, type SequencerStatus } from '#libs/stores/log';
import type { Child } from './child.ts';
import { type LogTruth, violationsOf } from './log-truth.ts';
import { readLogTruth } from './read-log-truth.ts';
import { RelayProcess } from './relay-process.ts';
import { SequencerChild } from './sequencer-child.ts';
import { TailClient } from './tail-client.ts';
import { TcpProxy } from './tcp-proxy.ts';
import { Writers, WRITERS_TABLE, type WritersOptions } from './writers.ts';

export interface Leader {
  readonly term: bigint;
  readonly pid: number;
  /** By the clock of Postgres, which is this machine's. */
  readonly since: Date;
}

/** Topics, processes, proxies and writers of one test on one database; `close` ends them all, also after a failed test. */
export class CrashBench {
  readonly url: string;
  readonly db: Database;
  readonly #children: Child[] = [];
  readonly #proxies: TcpProxy[] = [];
  readonly #pools: Database[] = [];
  readonly #writers: Writers[] = [];
  readonly #tails: TailClient[] = [];
  readonly #drop: () => Promise<void>;

  private constructor(url: string, db: Database, drop: () => Promise<void>) {
    this.url = url;
    this.db = db;
    this.#drop = drop;
  }

  /** On a database of its own on the server of the tests. */
  static async open(): Promise<CrashBench> {
    const database = await createTestDatabase();
    const bench = new CrashBench(database.url, database.db, () => database.drop());
    await bench.#prepare();
    return bench;
  }

  /** On a migrated database that is the caller's: it may be stopped and started under the bench. */
  static async on(url: string): Promise<CrashBench> {
    const db = new Database({ url, applicationName: 'tidemark scenario' });
    const bench = new CrashBench(url, db, () => db.close());
    await bench.#prepare();
    return bench;
  }

  async #prepare(): Promise<void> {
    await this.db.query(WRITERS_TABLE);
    await this.db.query(`select outbox.create_topic('orders', 3), outbox.create_topic('audit', 2)`);
  }

  sequencer(options: Partial<SequencerOptions> = {}, url = this.url): SequencerChild {
    return this.#keep(new SequencerChild(url, options));
  }

  relay(settings: Readonly<Record<string, string>> = {}, url = this.url): RelayProcess {
    return this.#keep(new RelayProcess(url, settings));
  }

  async proxy(): Promise<TcpProxy> {
    const proxy = await TcpProxy.start(this.url);
    this.#proxies.push(proxy);
    return proxy;
  }

  /** Running writers, with connections of their own. */
  writers(options: WritersOptions, url = this.url): Writers {
    const pool = new Database({ url, poolMax: options.writers ?? 4, applicationName: 'tidemark scenario writers' });
    this.#pools.push(pool);
    const writers = new Writers(pool, options).start();
    this.#writers.push(writers);
    return writers;
  }

  /** Follows a topic of the relay at the URL. */
  tail(url: string, topic: string, from: 'earliest' | 'latest'): TailClient {
    const tail = new TailClient(url, topic, from);
    this.#tails.push(tail);
    return tail;
  }

  status(): Promise<SequencerStatus> {
    return readSequencerStatus(this.db);
  }

  /** Who leads with a term above the given one and a lease that has not expired, as soon as somebody does. */
  leaderAfter(term: bigint, withinMs = 10_000): Promise<Leader> {
    return eventually(async () => {
      const status = await this.status();
      if (status.leader === null || status.term <= term)
        throw new Error(`nobody leads after term ${term}, but in ${status.term}\n${this.#lastLines()}`);
      return { term: status.term, pid: status.leader.pid ?? -1, since: status.leader.since };
    }, withinMs);
  }

  /** The process of this test with that pid. */
  child(pid: number): Child {
    const child = this.#children.find((one) => one.pid === pid);
    if (child === undefined) throw new Error(`${pid} is no process of this test`);
    return child;
  }

  /** Resolves once the cursor has passed where it is now by as many positions. */
  async progress(positions = 1): Promise<void> {
    const { cursor } = await this.status();
    await eventually(async () =>
      expect((await this.status()).cursor).toBeGreaterThanOrEqual(cursor + BigInt(positions)),
    );
  }

  async caughtUp(withinMs = 10_000): Promise<void> {
    await eventually(async () => expect((await this.status()).lagMessages).toBe(0n), withinMs);
  }

  /** Ends the writers, waits until all is sequenced, and compares. Answers what it saw. */
  async expectTruth(withinMs = 10_000): Promise<LogTruth> {
    for (const writers of this.#writers) await writers.stop();
    await this.caughtUp(withinMs);
    const truth = await readLogTruth(this.db);
    expect(violationsOf(truth)).toEqual([]);
    const committed = new Set(truth.messages.map((message) => message.messageId));
    for (const writers of this.#writers) {
      expect(writers.acknowledged.filter((id) => !committed.has(id))).toEqual([]);
      expect(writers.rolledBack.filter((id) => committed.has(id))).toEqual([]);
    }
    expect(truth.messages.length).toBeGreaterThan(0);
    return truth;
  }

  async close(): Promise<void> {
    const stopped = await Promise.allSettled([...this.#writers, ...this.#tails].map((one) => one.stop()));
    await Promise.all(this.#children.filter((child) => child.running).map((child) => child.kill()));
    await Promise.all(this.#proxies.map((proxy) => proxy.stop()));
    await Promise.all(this.#pools.map((pool) => pool.close()));
    await this.#drop();
    for (const outcome of stopped) if (outcome.status === 'rejected') throw outcome.reason;
  }

  #lastLines(): string {
    const running = this.#children.filter((child) => child.running);
    return running.map((child) => [`process ${child.pid}:`, ...child.lines.slice(-5)].join('\n  ')).join('\n');
  }

  #keep<C extends Child>(child: C): C {
    this.#children.push(child);
    return child;
  }
}
