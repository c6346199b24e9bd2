import { TidemarkError } from '#libs/foundation/kernel';
import type { Queryable } from '#libs/foundation/postgres';
import type { TopicRecord } from '#libs/stores/topic';
import type { FailureEntry, Inbox, ParkedRecord, RecordPlace, SettledFailure } from '../src/ports/inbox.ts';
import type { Transactions } from '../src/ports/transactions.ts';

/** A transaction of the model: its writes take effect together, at its commit, if its process lives then. */
export class MemoryTx {
  readonly process: MemoryProcess;
  readonly writes: (() => void)[] = [];
  readonly locks = new Set<string>();
  /** Asked at the commit, before anything takes effect. */
  readonly checks: (() => void)[] = [];
  /** Told that it has ended, in whatever way. */
  readonly ends: (() => void)[] = [];

  constructor(process: MemoryProcess) {
    this.process = process;
  }
}

/** Who runs transactions; one that has died commits nothing any more. */
export interface MemoryProcess {
  alive: boolean;
}

const placeKey = ({ topic, partition, offset }: RecordPlace): string => `${topic}/${partition}@${offset}`;
const lockedKey = (group: string, topic: string, key: Buffer): string => `key ${group} ${topic} ${key.toString('hex')}`;

/** Postgres as far as the consumer's ports see it: atomic commits, unique rows that others wait for, locks that are held to the end. */
export class MemoryDatabase implements Inbox {
  readonly handled = new Set<string>();
  /** By the delivery that failed. */
  readonly failures = new Map<string, FailureEntry>();
  /** The message that blocks a key; null: only parked messages do. */
  readonly blocked = new Map<string, string | null>();
  readonly parked = new Map<string, TopicRecord[]>();
  /** What goes wrong: asked before and after each transaction and statement; throws. */
  chaos: (point: 'begin' | 'statement' | 'commit' | 'committed') => void = () => undefined;
  /** Called between the steps of transactions, so that they interleave. */
  turn: () => Promise<void> = async () => undefined;
  readonly #owners = new Map<string, MemoryTx>();

  transactionsOf(process: MemoryProcess): Transactions<MemoryTx> {
    return {
      run: (work) => this.#run(process, work),
      queryable: async (tx) => tx as unknown as Queryable,
      isTransient: (error) => error instanceof TidemarkError && error.code.startsWith('DATABASE_'),
    };
  }

  /** Takes a lock that the transaction keeps to its end. Waiting too long is a deadlock, as it would be in Postgres. */
  async lock(tx: MemoryTx, name: string): Promise<void> {
    for (let waits = 0; ; waits += 1) {
      const owner = this.#owners.get(name);
      if (owner === undefined || owner === tx || !owner.process.alive) break;
      if (waits > 400) throw new TidemarkError('DATABASE_BUSY', `deadlock on ${name}`);
      await this.#step(tx);
    }
    this.#owners.set(name, tx);
    tx.locks.add(name);
  }

  async markHandled(q: Queryable, group: string, ids: readonly string[]): Promise<ReadonlySet<string>> {
    const tx = await this.#statement(q);
    const fresh = new Set<string>();
    for (const id of [...ids].sort()) {
      await this.lock(tx, `handled ${group} ${id}`);
      if (this.handled.has(`${group} ${id}`)) continue;
      fresh.add(id);
      tx.writes.push(() => this.handled.add(`${group} ${id}`));
    }
    return fresh;
  }

  async recordFailure(q: Queryable, failure: FailureEntry): Promise<'recorded' | 'already'> {
    const tx = await this.#statement(q);
    const key = `${failure.group} ${placeKey(failure.delivery)}`;
    await this.lock(tx, `failure ${key}`);
    if (this.failures.has(key)) return 'already';
    tx.writes.push(() => this.failures.set(key, failure));
    return 'recorded';
  }

  async settleFailure(q: Queryable, settled: SettledFailure): Promise<void> {
    const tx = await this.#statement(q);
    if (settled.key === null) return;
    const key = lockedKey(settled.group, settled.origin.topic, settled.key);
    await this.lock(tx, key);
    if (this.blocked.get(key) === settled.messageId) tx.writes.push(() => this.#free(key));
  }

  async blockedKeys(q: Queryable, group: string, topic: string, keys: readonly Buffer[]): Promise<boolean[]> {
    const tx = await this.#statement(q);
    for (const key of keys) await this.lock(tx, lockedKey(group, topic, key));
    return keys.map((key) => this.blocked.has(lockedKey(group, topic, key)));
  }

  async blockKey(
    q: Queryable,
    { group, topic, key, messageId }: { group: string; topic: string; key: Buffer; messageId: string },
  ): Promise<void> {
    const tx = await this.#statement(q);
    const name = lockedKey(group, topic, key);
    await this.lock(tx, name);
    tx.writes.push(() => {
      if ((this.blocked.get(name) ?? null) === null) this.blocked.set(name, messageId);
    });
  }

  async park(q: Queryable, group: string, record: TopicRecord): Promise<void> {
    const tx = await this.#statement(q);
    const name = lockedKey(group, record.topic, record.key!);
    tx.writes.push(() => {
      const waiting = this.parked.get(name) ?? [];
      if (!waiting.some((one) => placeKey(one) === placeKey(record))) this.parked.set(name, [...waiting, record]);
    });
  }

  async takeParked(q: Queryable, group: string, topics: readonly string[]): Promise<ParkedRecord | null> {
    const tx = await this.#statement(q);
    for (const [name, [record]] of this.parked) {
      const due = name.startsWith(`key ${group} `) && this.blocked.get(name) === null && !this.#isLocked(name);
      if (!due || record === undefined || !topics.includes(record.topic)) continue;
      await this.lock(tx, name);
      tx.writes.push(() => {
        this.parked.set(name, this.parked.get(name)!.slice(1));
        if (this.blocked.get(name) === null) this.#free(name);
      });
      return { record, parkedAt: new Date(0) };
    }
    return null;
  }

  /** The key is blocked no more; when nothing is parked either, messages pass again. */
  #free(name: string): void {
    if ((this.parked.get(name) ?? []).length > 0) {
      this.blocked.set(name, null);
    } else {
      this.parked.delete(name);
      this.blocked.delete(name);
    }
  }

  #isLocked(name: string): boolean {
    return this.#owners.get(name)?.process.alive === true;
  }

  async #statement(q: Queryable): Promise<MemoryTx> {
    const tx = q as unknown as MemoryTx;
    await this.#step(tx);
    this.chaos('statement');
    return tx;
  }

  async #step(tx: MemoryTx): Promise<void> {
    await this.turn();
    if (!tx.process.alive) await new Promise<never>(() => undefined);
  }

  async #run<T>(process: MemoryProcess, work: (tx: MemoryTx) => Promise<T>): Promise<T> {
    const tx = new MemoryTx(process);
    try {
      this.chaos('begin');
      const result = await work(tx);
      await this.#step(tx);
      this.chaos('commit');
      for (const check of tx.checks) check();
      for (const write of tx.writes) write();
      this.chaos('committed');
      return result;
    } finally {
      for (const end of tx.ends) end();
      for (const name of tx.locks) if (this.#owners.get(name) === tx) this.#owners.delete(name);
    }
  }
}
