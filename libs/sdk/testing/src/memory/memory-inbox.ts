import type { Queryable } from '#libs/foundation/postgres';
import type { FailureEntry, Inbox, KeyOfTopic, ParkedRecord, RecordPlace, SettledFailure } from '#libs/movers/consumer';
import type { TopicRecord } from '#libs/stores/topic';
import type { MemoryTransaction } from './memory-transaction.ts';
import { RowLocks } from './row-locks.ts';

interface WaitingKey {
  /** Until this message is settled; null: only those that wait are left. */
  blockedBy: string | null;
  readonly parked: TopicRecord[];
}

const placeOf = ({ topic, partition, offset }: RecordPlace): string => `${topic}/${partition}@${offset}`;
const keyName = (group: string, topic: string, key: Buffer): string => `${group} ${topic} ${key.toString('hex')}`;

/** What groups have handled, what failed and what waits. Rows that a transaction has in hand make others wait. */
export class MemoryInbox implements Inbox {
  readonly #locks = new RowLocks();
  readonly #handled = new Set<string>();
  readonly #failures = new Set<string>();
  readonly #keys = new Map<string, WaitingKey>();

  /** True when messages of the group may go on that had waited for another one of their key. */
  mayGoOn(group: string): boolean {
    return [...this.#keys].some(
      ([name, { blockedBy, parked }]) => name.startsWith(`${group} `) && blockedBy === null && parked.length > 0,
    );
  }

  async markHandled(tx: Queryable, group: string, messageIds: readonly string[]): Promise<ReadonlySet<string>> {
    const transaction = transactionOf(tx);
    const fresh = new Set<string>();
    for (const id of [...messageIds].sort()) {
      const row = `${group} ${id}`;
      await this.#locks.take(transaction, `handled ${row}`);
      if (this.#handled.has(row)) continue;
      fresh.add(id);
      transaction.onCommit(() => this.#handled.add(row));
    }
    return fresh;
  }

  async recordFailure(tx: Queryable, failure: FailureEntry): Promise<'recorded' | 'already'> {
    const transaction = transactionOf(tx);
    const row = `${failure.group} ${placeOf(failure.delivery)}`;
    await this.#locks.take(transaction, `failure ${row}`);
    if (this.#failures.has(row)) return 'already';
    transaction.onCommit(() => this.#failures.add(row));
    return 'recorded';
  }

  async settleFailure(tx: Queryable, { group, origin, messageId, key }: SettledFailure): Promise<void> {
    if (key === null) return;
    const transaction = transactionOf(tx);
    const name = keyName(group, origin.topic, key);
    await this.#locks.take(transaction, `key ${name}`);
    if (this.#keys.get(name)?.blockedBy === messageId) transaction.onCommit(() => this.#free(name));
  }

  async blockedKeys(tx: Queryable, group: string, topic: string, keys: readonly Buffer[]): Promise<readonly boolean[]> {
    const names = keys.map((key) => keyName(group, topic, key));
    for (const name of [...names].sort()) await this.#locks.take(transactionOf(tx), `key ${name}`);
    return names.map((name) => this.#keys.has(name));
  }

  async blockKey(tx: Queryable, { group, topic, key, messageId }: KeyOfTopic & { messageId: string }): Promise<void> {
    const transaction = transactionOf(tx);
    const name = keyName(group, topic, key);
    await this.#locks.take(transaction, `key ${name}`);
    transaction.onCommit(() => (this.#waiting(name).blockedBy ??= messageId));
  }

  async park(tx: Queryable, group: string, record: TopicRecord): Promise<void> {
    transactionOf(tx).onCommit(() => {
      const { parked } = this.#waiting(keyName(group, record.topic, record.key!));
      if (!parked.some((one) => placeOf(one) === placeOf(record))) parked.push(record);
    });
  }

  async takeParked(tx: Queryable, group: string, topics: readonly string[]): Promise<ParkedRecord | null> {
    const transaction = transactionOf(tx);
    for (const [name, { blockedBy, parked }] of this.#keys) {
      const [record] = parked;
      const free = name.startsWith(`${group} `) && blockedBy === null && !this.#locks.isTaken(`key ${name}`);
      if (!free || record === undefined || !topics.includes(record.topic)) continue;
      await this.#locks.take(transaction, `key ${name}`);
      transaction.onCommit(() => {
        parked.shift();
        if (this.#keys.get(name)?.blockedBy === null) this.#free(name);
      });
      return { record, parkedAt: record.time };
    }
    return null;
  }

  #waiting(name: string): WaitingKey {
    const known = this.#keys.get(name);
    if (known !== undefined) return known;
    const made: WaitingKey = { blockedBy: null, parked: [] };
    this.#keys.set(name, made);
    return made;
  }

  /** Blocked by no message any more; when nothing waits either, messages of the key pass again. */
  #free(name: string): void {
    const key = this.#keys.get(name);
    if (key === undefined) return;
    key.blockedBy = null;
    if (key.parked.length === 0) this.#keys.delete(name);
  }
}

function transactionOf(tx: Queryable): MemoryTransaction {
  return tx as unknown as MemoryTransaction;
}
