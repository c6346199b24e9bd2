import type { PoolClient } from 'pg';
import { type Database, sqlStateOf } from '#libs/foundation/postgres';
import { NOTES, TOPIC, writeAggregate, writeNote } from './business.ts';
import type { Step, TransactionPlan } from './transaction-plan.ts';

/** How transactions ended. Only the tables say what is committed; these numbers say that the torture did something. */
export interface WriterTally {
  committed: number;
  rolledBack: number;
  prepared: number;
  terminated: number;
  /** Serialization failures and deadlocks: rolled back and tried again. */
  retried: number;
}

export const emptyTally = (): WriterTally => ({ committed: 0, rolledBack: 0, prepared: 0, terminated: 0, retried: 0 });

export interface WriterSessions {
  /** Sessions shared by all writers, transaction by transaction, as PgBouncer does. */
  readonly pooled: Database;
  /** For what has to come from another session: terminating a backend, finishing a prepared transaction. */
  readonly other: Database;
  readonly sleep: (ms: number) => Promise<void>;
}

const RETRIED = new Set(['40001', '40P01']);
/** No slot left for a prepared transaction: other databases of the server use them too. */
const NO_PREPARED_SLOT = '53200';
const ATTEMPTS_MAX = 50;

/** Runs a plan, again from its start after what a client has to retry. */
export async function runPlan(
  sessions: WriterSessions,
  plan: TransactionPlan,
  tally: WriterTally,
  gid: string,
): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    const client = await sessions.pooled.connect();
    let broken: Error | undefined;
    // A terminated backend also ends its socket; the error of the statement is the one that counts.
    const onError = (error: Error) => (broken = error);
    client.on('error', onError);
    try {
      await client.query(`begin isolation level ${plan.isolation}`);
      for (const step of plan.steps) await runStep(client, step, sessions);
      await end(client, sessions, plan, tally, `${gid}-${attempt}`);
      return;
    } catch (error) {
      if (sqlStateOf(error) === '57P01' || broken !== undefined) {
        broken ??= error as Error;
        tally.terminated += 1;
        return;
      }
      await client.query('rollback');
      const state = sqlStateOf(error);
      if (state === NO_PREPARED_SLOT) return;
      if (!RETRIED.has(state ?? '')) throw error;
      tally.retried += 1;
    } finally {
      client.off('error', onError);
      client.release(broken);
    }
  }
}

async function runStep(client: PoolClient, step: Step, sessions: WriterSessions): Promise<void> {
  switch (step.kind) {
    case 'write':
      return writeAggregate(client, step.aggregate, step.order);
    case 'note':
      return writeNote(client);
    case 'pause':
      return sessions.sleep(step.ms);
    default:
      await client.query(statementOf(step));
  }
}

type PlainStep = Exclude<Step, { kind: 'write' | 'note' | 'pause' }>;

const STATEMENTS: Record<Exclude<PlainStep['kind'], 'few-key-locks'>, string> = {
  unrelated: 'insert into public.unrelated default values',
  savepoint: 'savepoint s',
  release: 'release s',
  'rollback-to': 'rollback to s; release s',
  'lock-topic': `select outbox.lock_topic('${TOPIC}'), outbox.lock_topic('${NOTES}')`,
  'leave-note-behind': `select set_config('tidemark.tx', coalesce(current_setting('tidemark.tx', true), ''), false)`,
};

function statementOf(step: PlainStep): string {
  return step.kind === 'few-key-locks' ? `set local tidemark.key_locks_max = ${step.max}` : STATEMENTS[step.kind];
}

async function end(
  client: PoolClient,
  sessions: WriterSessions,
  plan: TransactionPlan,
  tally: WriterTally,
  gid: string,
): Promise<void> {
  switch (plan.ending) {
    case 'commit':
    case 'rollback':
      await client.query(plan.ending);
      tally[plan.ending === 'commit' ? 'committed' : 'rolledBack'] += 1;
      return;
    case 'commit-prepared':
    case 'rollback-prepared': {
      await client.query(`prepare transaction '${gid}'`);
      await sessions.sleep(20);
      await sessions.other.query(`${plan.ending.replace('-', ' ')} '${gid}'`);
      tally.prepared += 1;
      return;
    }
    case 'terminated': {
      const pid = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
      await sessions.other.query('select pg_terminate_backend($1)', [pid.rows[0]!.pid]);
      await client.query('commit');
      tally.committed += 1;
    }
  }
}
