import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { TidemarkError } from '#libs/foundation/kernel';
import { createTestDatabase, type TestDatabase } from '#libs/foundation/testing';
import { type Actor, type OutsideWrite, type WriteRequest, Writes } from '../src/index.ts';
import { requestFingerprint } from '../src/request-fingerprint.ts';

let database: TestDatabase;
let writes: Writes;
/** What no transaction can undo: the last value that was set, and how often it was. */
let outside: { value: number; sets: number };

beforeAll(async () => {
  database = await createTestDatabase();
  writes = new Writes(database.db);
  // Postgres takes no entry of an action that is listed here, as if it were away at that moment.
  await database.db.query(`
    create table away (action text primary key);
    create function refuse_away() returns trigger language plpgsql as $$
    begin
      if exists (select from away where action = new.action) then raise exception 'Postgres is away'; end if;
      return new;
    end $$;
    create trigger away before insert on audit.entry for each row execute function refuse_away()`);
});
afterAll(() => database.drop());
beforeEach(async () => {
  outside = { value: 0, sets: 0 };
  await database.db.query(`
    alter table audit.entry disable trigger entry_is_insert_only;
    delete from audit.entry;
    alter table audit.entry enable trigger entry_is_insert_only;
    delete from audit.idempotency;
    delete from away`);
});

const anna: Actor = { name: 'anna', role: 'operator', via: 'basic' };

function request(body: unknown = {}): WriteRequest & { replays: number } {
  const made = {
    actor: anna,
    requestId: 'r-1',
    operation: 'POST /v1/values',
    idempotencyKey: 'k-1',
    replays: 0,
    fingerprint: () => requestFingerprint('POST /v1/values', {}, body),
    onReplayed: () => void (made.replays += 1),
  };
  return made;
}

const setTo = (value: number, fails?: Error): OutsideWrite<number, number> => ({
  plan: () => Promise.resolve(value),
  intent: (plan) => ({ action: 'value.set', target: 'v', detail: { plan } }),
  carryOut: (plan) => {
    if (fails !== undefined) return Promise.reject(fails);
    outside = { value: plan, sets: outside.sets + 1 };
    return Promise.resolve(plan);
  },
  outcome: (result) => ({
    action: 'value.set-outcome',
    target: 'v',
    detail: 'done' in result ? { set: result.done } : { failed: String(result.failed) },
  }),
});

const run = (of: WriteRequest, write: OutsideWrite<number, number>) =>
  writes.runOutside(of, write, (value) => ({ value }));
const away = (action: string) => database.db.query('insert into away values ($1)', [action]);
const back = () => database.db.query('delete from away');

async function audit(): Promise<unknown[]> {
  const { rows } = await database.db.query<{ actor: string; request_id: string; action: string; detail: unknown }>(
    'select actor, request_id, action, detail from audit.entry order by id',
  );
  for (const { actor, request_id } of rows) expect([actor, request_id]).toEqual(['anna', 'r-1']);
  return rows.map(({ action, detail }) => [action, detail]);
}

const INTENT = ['value.set', { plan: 7 }];
const OUTCOME = ['value.set-outcome', { set: 7 }];

describe('a write that no transaction can undo', () => {
  test('is in the audit before it is done and after it; a repeat gets its answer', async () => {
    const looks = { ...setTo(7), carryOut: async () => expect(await audit()).toEqual([INTENT]) };
    await writes.runOutside({ ...request(), idempotencyKey: undefined }, looks as never, () => ({}));
    expect((await audit()).length).toBe(2);
    expect(await run(request(), setTo(7))).toEqual({ value: 7 });
    expect((await audit()).slice(2)).toEqual([INTENT, OUTCOME]);
    const again = request();
    expect(await run(again, setTo(8))).toEqual({ value: 7 });
    expect([again.replays, outside]).toEqual([1, { value: 7, sets: 1 }]);
    await expect(run(request({ other: true }), setTo(7))).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
  });

  test('leaves no trace when its plan is refused', async () => {
    const refused = { ...setTo(7), plan: () => Promise.reject(new TidemarkError('FAILOVER_NOT_READY', 'not yet')) };
    await expect(run(request(), refused)).rejects.toMatchObject({ code: 'FAILOVER_NOT_READY' });
    expect([await audit(), outside.sets]).toEqual([[], 0]);
  });

  test('is not done when Postgres does not take the intent', async () => {
    await away('value.set');
    await expect(run(request(), setTo(7))).rejects.toThrow('Postgres is away');
    expect([await audit(), outside.sets]).toEqual([[], 0]);
    await back();
    expect(await run(request(), setTo(7))).toEqual({ value: 7 });
    expect(await audit()).toEqual([INTENT, OUTCOME]);
  });

  test('has the outcome that it failed, and can be tried again under its key', async () => {
    await expect(run(request(), setTo(7, new Error('refused')))).rejects.toThrow('refused');
    expect(await audit()).toEqual([INTENT, ['value.set-outcome', { failed: 'Error: refused' }]]);
    expect(await run(request(), setTo(7))).toEqual({ value: 7 });
    expect((await audit()).slice(2)).toEqual([INTENT, OUTCOME]);
  });

  test('says what failed first when the audit does not take that either', async () => {
    await away('value.set-outcome');
    const failed = new TidemarkError('KAFKA_UNREACHABLE', 'no answer', { context: { broker: 1 } });
    const error = await run(request(), setTo(7, failed)).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'KAFKA_UNREACHABLE', message: 'no answer', context: { broker: 1 } });
    expect((error as Error).cause).toMatchObject({ errors: [failed, { message: 'Postgres is away' }] });
    expect(await audit()).toEqual([INTENT]);
  });

  test('that is done, and not recorded, says so; a repeat ends in the same state, and is recorded', async () => {
    await away('value.set-outcome');
    await expect(run(request(), setTo(7))).rejects.toMatchObject({ code: 'OUTCOME_NOT_RECORDED', retryable: true });
    expect([await audit(), outside]).toEqual([[INTENT], { value: 7, sets: 1 }]);
    await back();
    const again = request();
    expect(await run(again, setTo(7))).toEqual({ value: 7 });
    expect([again.replays, outside]).toEqual([0, { value: 7, sets: 2 }]);
    expect(await audit()).toEqual([INTENT, INTENT, OUTCOME]);
  });

  test('twice at the same time under one key ends in one answer', async () => {
    const answers = await Promise.allSettled([run(request(), setTo(7)), run(request(), setTo(7))]);
    const refused = answers.filter(({ status }) => status === 'rejected');
    for (const each of refused) expect(each).toMatchObject({ reason: { code: 'IDEMPOTENCY_KEY_IN_USE' } });
    expect(refused.length).toBeLessThan(2);
    const { rows } = await database.db.query('select response from audit.idempotency');
    expect(rows).toEqual([{ response: { value: 7 } }]);
    expect(outside.value).toBe(7);
  });
});
