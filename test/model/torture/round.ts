import { setTimeout as delay } from 'node:timers/promises';
import type { Database } from '#libs/foundation/postgres';
import { seededRandom } from '#libs/foundation/testing';
import type { HorizonStrategy, Poll, Seen } from './horizon-strategies.ts';
import { drawPlan } from './transaction-plan.ts';
import { emptyTally, runPlan, type WriterTally } from './writer.ts';

export interface RoundOptions {
  readonly seed: number;
  readonly writers: number;
  readonly transactionsPerWriter: number;
  readonly sharedAggregates: number;
  readonly twoPhase: boolean;
  /** Longest idle time inside of a transaction, in ms. */
  readonly pauseMaxMs: number;
}

export interface RoundResult<Name extends string> {
  readonly tally: WriterTally;
  readonly seen: Readonly<Record<Name, readonly Seen[]>>;
}

export interface RoundSessions {
  /** At least as many as writers, less a few, so that sessions change hands between them. */
  readonly writers: Database;
  readonly other: Database;
}

/**
 * Lets the writers work through their plans while all readers poll, and returns what each reader saw when it has caught
 * up. The plans follow from the seed; how they interleave is up to Postgres.
 */
export async function tortureRound<Name extends string>(
  sessions: RoundSessions,
  strategies: Readonly<Record<Name, HorizonStrategy>>,
  options: RoundOptions,
): Promise<RoundResult<Name>> {
  await prepareAggregates(sessions.other, options);
  const tally = emptyTally();
  const written = new AbortController();
  const readers = (Object.keys(strategies) as Name[]).map(async (name) => {
    const poll = strategies[name]();
    const seen: Seen[] = [];
    while (!written.signal.aborted) {
      seen.push(...(await poll(sessions.other)));
      await delay(1);
    }
    await catchUp(poll, sessions.other, seen);
    return [name, seen] as const;
  });
  const reading = Promise.allSettled(readers);
  const writing = await Promise.allSettled(
    Array.from({ length: options.writers }, (_, writer) => runWriter(sessions, options, writer, tally)),
  );
  await rollBackPrepared(sessions.other);
  written.abort();
  const read = await reading;
  for (const part of [...writing, ...read]) if (part.status === 'rejected') throw part.reason;
  const seen = read.flatMap((part) => (part.status === 'fulfilled' ? [part.value] : []));
  return { tally, seen: Object.fromEntries(seen) as Record<Name, Seen[]> };
}

async function runWriter(
  sessions: RoundSessions,
  options: RoundOptions,
  writer: number,
  tally: WriterTally,
): Promise<void> {
  const random = seededRandom(options.seed * 1_000 + writer);
  for (let i = 0; i < options.transactionsPerWriter; i++) {
    const plan = drawPlan(random, { ...options, writer });
    const gid = `torture-${options.seed}-${writer}-${i}`;
    await runPlan({ pooled: sessions.writers, other: sessions.other, sleep: (ms) => delay(ms) }, plan, tally, gid);
  }
}

/** Nothing is open any more: whatever a reader has not seen after its second empty answer, it will never see. */
async function catchUp(poll: Poll, db: Database, seen: Seen[]): Promise<void> {
  for (let empty = 0; empty < 2;) {
    const more = await poll(db);
    seen.push(...more);
    empty = more.length === 0 ? empty + 1 : 0;
    if (more.length === 0) await delay(100);
  }
}

async function prepareAggregates(db: Database, options: RoundOptions): Promise<void> {
  await db.query(
    `insert into public.aggregate select 'shared-' || n, 0 from generate_series(0, ${options.sharedAggregates - 1}) n`,
  );
  await db.query(
    `insert into public.aggregate select 'own-' || w || '-' || n, 0 from generate_series(0, ${options.writers - 1}) w, generate_series(0, 2) n`,
  );
}

/** A failed run must not leave prepared transactions: they would outlive the sessions and keep the database from being dropped. */
async function rollBackPrepared(db: Database): Promise<void> {
  const left = await db.query<{ gid: string }>('select gid from pg_prepared_xacts where database = current_database()');
  for (const row of left.rows) await db.query(`rollback prepared '${row.gid}'`);
}
