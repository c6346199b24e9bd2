import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '#libs/foundation/testing';
import { type Actor, purgeAnswers, type WriteRequest, Writes } from '../src/index.ts';
import { requestFingerprint } from '../src/request-fingerprint.ts';

let database: TestDatabase;
let writes: Writes;

beforeAll(async () => {
  database = await createTestDatabase();
  await database.db.query('create table note (name text primary key)');
  writes = new Writes(database.db);
});
afterAll(() => database.drop());
beforeEach(async () => {
  await database.db.query('alter table audit.entry disable trigger entry_is_insert_only');
  await database.db.query('delete from audit.entry');
  await database.db.query('alter table audit.entry enable trigger entry_is_insert_only');
  await database.db.query('delete from audit.idempotency; delete from note');
});

const anna: Actor = { name: 'anna', role: 'operator', via: 'basic' };

function write(body: unknown, overrides: Partial<WriteRequest> = {}): WriteRequest & { replays: number } {
  const request = {
    actor: anna,
    requestId: 'r-1',
    operation: 'POST /v1/notes',
    idempotencyKey: 'k-1' as string | undefined,
    replays: 0,
    ...overrides,
    fingerprint: (): string => requestFingerprint(request.operation, {}, body),
    onReplayed: (): void => void (request.replays += 1),
  };
  return request;
}

const create = (request: WriteRequest, name: string, work?: () => Promise<void>) =>
  writes.run(request, { action: 'note.create', target: name, detail: { size: 3 } }, async (tx) => {
    await tx.query('insert into note (name) values ($1)', [name]);
    await work?.();
    return { z: 1, name, offset: '9007199254740993' };
  });

const count = async (table: string): Promise<number> =>
  Number((await database.db.query<{ n: string }>(`select count(*) as n from ${table}`)).rows[0]!.n);

const stored = async (): Promise<number[]> => [
  await count('note'),
  await count('audit.entry'),
  await count('audit.idempotency'),
];

describe('one transaction', () => {
  test('carries the change, the audit entry and the answer', async () => {
    expect(await create(write({}), 'a')).toEqual({ z: 1, name: 'a', offset: '9007199254740993' });
    expect(await stored()).toEqual([1, 1, 1]);
    const { rows } = await database.db.query(
      'select actor, role, via, action, target, detail, request_id from audit.entry',
    );
    expect(rows).toEqual([
      {
        actor: 'anna',
        role: 'operator',
        via: 'basic',
        action: 'note.create',
        target: 'a',
        detail: { size: 3 },
        request_id: 'r-1',
      },
    ]);
  });

  test('undoes all of it when the work fails, so that the key can be used again', async () => {
    const failing = create(write({}), 'a', async () => {
      throw new Error('too bad');
    });
    await expect(failing).rejects.toThrow('too bad');
    expect(await stored()).toEqual([0, 0, 0]);
    await create(write({}), 'a');
    expect(await stored()).toEqual([1, 1, 1]);
  });

  test('without a key nothing is stored for repeats', async () => {
    await create(write({}, { idempotencyKey: undefined }), 'a');
    await create(write({}, { idempotencyKey: undefined }), 'b');
    expect(await stored()).toEqual([2, 2, 0]);
  });
});

describe('a repeat', () => {
  test('of the same request gets the stored answer, text for text, and does nothing', async () => {
    const first = await create(write({ a: 1, b: { c: 2, d: 3 } }), 'a');
    const again = write({ b: { d: 3, c: 2 }, a: 1 });
    const second = await create(again, 'a');
    expect(JSON.stringify(second)).toBe(JSON.stringify(first));
    expect(again.replays).toBe(1);
    expect(await stored()).toEqual([1, 1, 1]);
  });

  test('of a write without an answer is told nothing again', async () => {
    const remove = (request: WriteRequest) =>
      writes.run(request, { action: 'note.remove', target: 'x' }, async () => undefined);
    const again = write({});
    expect([await remove(write({})), await remove(again), again.replays]).toEqual([undefined, undefined, 1]);
  });

  test.each([
    ['other content', { body: { a: 2 }, operation: 'POST /v1/notes' }, 'with other content'],
    ['another operation', { body: { a: 1 }, operation: 'POST /v1/groups' }, 'for POST /v1/notes'],
  ])('with %s is refused and changes nothing', async (_name, other, message) => {
    await create(write({ a: 1 }), 'a');
    const reused = create(write(other.body, { operation: other.operation }), 'b');
    await expect(reused).rejects.toMatchObject({
      code: 'IDEMPOTENCY_KEY_REUSED',
      message: expect.stringContaining(message),
    });
    expect(await stored()).toEqual([1, 1, 1]);
  });

  test('keys of two actors are two keys', async () => {
    await create(write({}), 'a');
    await create(write({}, { actor: { ...anna, name: 'bert' } }), 'b');
    expect(await stored()).toEqual([2, 2, 2]);
  });

  test('while the first is running is told so at once', async () => {
    let finish: () => void = () => undefined;
    let started: () => void = () => undefined;
    const running = new Promise<void>((resolve) => (started = resolve));
    const gate = new Promise<void>((resolve) => (finish = resolve));
    const first = create(write({}), 'a', async () => {
      started();
      await gate;
    });
    await running;
    await expect(create(write({}), 'a')).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_IN_USE' });
    await create(write({}, { idempotencyKey: 'k-2' }), 'b');
    finish();
    await first;
    const late = write({});
    await create(late, 'a');
    expect([late.replays, ...(await stored())]).toEqual([1, 2, 2, 2]);
  });

  test('twenty at once do the work once', async () => {
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => create(write({}), 'a')));
    const refused = results.filter((result) => result.status === 'rejected');
    expect(refused.every((result) => (result.reason as { code: string }).code === 'IDEMPOTENCY_KEY_IN_USE')).toBe(true);
    expect(results.length - refused.length).toBeGreaterThanOrEqual(1);
    expect(await stored()).toEqual([1, 1, 1]);
  });
});

describe('age', () => {
  const age = (hours: number) =>
    database.db.query(`update audit.idempotency set created_at = now() - make_interval(mins => $1)`, [hours * 60]);

  test('an answer is kept for 24 hours; after that the key is new, purged or not', async () => {
    await create(write({}), 'a');
    await age(23.9);
    expect(await purgeAnswers(database.db)).toBe(0);
    await create(write({}), 'a');
    await age(24);
    await create(write({ other: true }), 'b');
    expect(await stored()).toEqual([2, 2, 1]);
    expect(await purgeAnswers(database.db)).toBe(0);
  });

  test('the purge goes in bounded steps and can be stopped between them', async () => {
    for (let index = 0; index < 7; index += 1) await create(write({}, { idempotencyKey: `k-${index}` }), `n-${index}`);
    await age(25);
    expect(await purgeAnswers(database.db, { signal: AbortSignal.abort() })).toBe(0);
    expect(await purgeAnswers(database.db, { chunk: 2, chunksMax: 2 })).toBe(4);
    expect(await purgeAnswers(database.db, { chunk: 2 })).toBe(3);
    expect(await count('audit.idempotency')).toBe(0);
  });
});

test.each(["update audit.entry set actor = 'x'", 'delete from audit.entry', 'truncate audit.entry'])(
  'the audit refuses: %s',
  async (statement) => {
    await create(write({}), 'a');
    await expect(database.db.query(statement)).rejects.toThrow('audit.entry is insert-only');
    expect(await count('audit.entry')).toBe(1);
  },
);
