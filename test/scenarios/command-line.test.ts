import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createTestDatabase, eventually, type TestDatabase } from '#libs/foundation/testing';
import { type Answer, shell, tidemark } from './harness/command-line.ts';
import { RelayProcess } from './harness/relay-process.ts';

let database: TestDatabase;
let relay: RelayProcess;
let url: string;

beforeAll(async () => {
  database = await createTestDatabase();
  relay = new RelayProcess(database.url);
  url = await relay.url();
});
afterAll(async () => {
  await relay.kill();
  await database.drop();
});

const cli = (...args: string[]): Promise<Answer> => tidemark({ TIDEMARK_URL: url }, args);
/** The JSON documents that a command that must succeed has printed. */
async function json<T>(...args: string[]): Promise<T> {
  const { code, out, err } = await cli(...args, '--json');
  expect([code, err]).toEqual([0, '']);
  return JSON.parse(out) as T;
}
const jsonLines = async <T>(...args: string[]): Promise<T[]> => {
  const { code, out } = await cli(...args, '--json');
  expect(code).toBe(0);
  return out === '' ? [] : out.split('\n').map((line) => JSON.parse(line) as T);
};
const emit = (topic: string, key: string, payload: unknown) =>
  database.db.query('select outbox.emit($1, $2, $3::jsonb)', [topic, key, JSON.stringify(payload)]);

interface ReadRecord {
  readonly partition: number;
  readonly offset: string;
  readonly messageId: string;
  readonly key: { readonly data: string };
}

describe('topics', () => {
  test('are created, listed, described and altered', async () => {
    expect(await cli('topics')).toMatchObject({ code: 0, out: expect.stringContaining('no topics yet') });
    const created = await cli('topics', 'create', 'orders', '--partitions', '2', '--retention', '7d');
    expect(created).toMatchObject({
      code: 0,
      out: 'created topic orders: 2 partitions, ordering key, messages up to 1000000 bytes, kept 1w',
    });
    expect((await cli('topics')).out).toMatch(/^TOPIC +PARTITIONS[^]*\norders +2 +key +1000000 +1w /);
    expect(await json('topics', 'alter', 'orders', '--partitions', '3', '--retention', 'forever')).toMatchObject({
      partitions: 3,
      retentionMs: null,
    });
    expect(await json('topics')).toEqual([expect.objectContaining({ name: 'orders', partitions: 3 })]);
    expect((await cli('topics', 'describe', 'orders')).out).toContain('0 records can be read');
  });

  test('require schemas when they are told to', async () => {
    expect((await cli('topics', 'create', 'typed', '--require-schema')).out).toContain('payloads with a schema only');
    const refused = await emit('typed', 'k', 1).catch(({ code }: { code: string }) => code);
    expect(refused).toBe('SCHEMA_REQUIRED');
    expect((await cli('topics', 'describe', 'typed')).out).toContain('payloads with a schema only');
    expect(await json('topics', 'alter', 'typed', '--no-require-schema')).toMatchObject({ schemaRequired: false });
    expect((await cli('topics', 'describe', 'typed')).out).not.toContain('schema');
  });

  test('what the relay refuses is said with its code and what to do', async () => {
    const twice = await cli('topics', 'create', 'orders');
    expect(twice).toMatchObject({ code: 1, out: '' });
    expect(twice.err).toMatch(/^error: TOPIC_EXISTS: .*orders.*\n {2}\S/);
    expect(await cli('topics', 'describe', 'nope')).toMatchObject({
      code: 1,
      err: expect.stringContaining('TOPIC_UNKNOWN'),
    });
    expect(await cli('topics', 'alter', 'orders', '--partitions', '1')).toMatchObject({
      code: 1,
      err: expect.stringContaining('TOPIC_INVALID'),
    });
  });
});

describe('records', () => {
  let all: ReadRecord[];
  beforeAll(async () => {
    await cli('topics', 'create', 'payments', '--partitions', '3');
    for (let n = 0; n < 30; n += 1) await emit('payments', `p-${n % 5}`, { n, note: 'ä\n' });
    all = await eventually(async () => {
      const found = await jsonLines<ReadRecord>('read', 'payments');
      expect(found).toHaveLength(30);
      return found;
    });
  });

  test('are read whole, up to a limit, of a key, of a time, and of a partition', async () => {
    expect((await cli('read', 'payments', '--limit', '2')).out.split('\n')).toHaveLength(2);
    expect(await jsonLines('read', 'payments', '--key', 'p-3')).toHaveLength(6);
    expect(await jsonLines('read', 'payments', '--since', '1h')).toHaveLength(30);
    expect(await jsonLines('read', 'payments', '--since', '0s')).toHaveLength(0);
    const last = all.at(-1)!;
    const at = ['read', 'payments', '--partition', String(last.partition), '--offset', last.offset];
    expect(await jsonLines(...at)).toEqual([last]);
    expect((await cli(...at)).out).toMatch(/^\d:\d+ {2}\S+Z {2}p-\d {2}\{"n":29,"note":"ä\\n"\}$/);
  });

  test('a topic, partition or offset that is not there is refused', async () => {
    for (const [args, code] of [
      [['nope'], 'TOPIC_UNKNOWN'],
      [['payments', '--partition', '9'], 'PARTITION_INVALID'],
      [['payments', '--partition', '0', '--offset', '9999'], 'OFFSET_OUT_OF_RANGE'],
    ] as const)
      expect(await cli('read', ...args)).toMatchObject({ code: 1, out: '', err: expect.stringContaining(code) });
  });

  test('a message is found by its id', async () => {
    const { messageId } = all[0]!;
    expect(await json('message', messageId)).toMatchObject({ messageId, pending: 0, records: [all[0]] });
    expect((await cli('message', messageId)).out).toContain('value     {"n":0');
    const unknown = await cli('message', '00000000-0000-4000-8000-000000000000');
    expect(unknown).toMatchObject({ code: 1, err: expect.stringContaining('MESSAGE_UNKNOWN') });
    expect(await cli('message', 'x')).toMatchObject({ code: 1, err: expect.stringContaining('REQUEST_INVALID') });
  });

  test('a reader that goes away early is no error', async () => {
    const { code, out, err } = await shell({ TIDEMARK_URL: url }, 'set -o pipefail; $TIDEMARK read payments | head -1');
    expect([code, err, out.split('\n')]).toEqual([0, '', [expect.stringContaining('"n":0'), '']]);
  });
});

describe('groups', () => {
  beforeAll(async () => {
    await database.db.query(`select outbox.create_topic('invoices', 1)`);
    await emit('invoices', 'i-1', {});
    await eventually(async () => expect(await jsonLines('read', 'invoices')).toHaveLength(1));
    await database.db.query(`insert into log.consumer_group (name) values ('billing')`);
  });

  test('are listed, described, reset and deleted', async () => {
    expect((await cli('groups')).out).toMatch(/^GROUP +STATE[^]*\nbilling +empty +0 /);
    const reset = ['groups', 'reset', 'billing', '--topic', 'invoices', '--to'];
    expect(await json(...reset, 'latest', '--dry-run')).toEqual({
      dryRun: true,
      resets: [{ topic: 'invoices', partition: 0, from: null, to: '1' }],
    });
    expect(await json(...reset, 'earliest')).toMatchObject({ dryRun: false, resets: [{ to: '0' }] });
    expect((await cli(...reset, 'latest')).out).toMatch(/\ninvoices +0 +0 +1$/);
    expect((await cli('groups', 'describe', 'billing')).out).toContain('billing: empty, 0 records behind');
    expect(await cli('groups', 'delete', 'billing', '--yes')).toMatchObject({ code: 0, out: 'deleted group billing' });
    const gone = await cli('groups', 'describe', 'billing');
    expect(gone).toMatchObject({ code: 1, err: expect.stringContaining('GROUP_UNKNOWN') });
  });
});

describe('status', () => {
  test('tells who leads and how far it is, and explains who holds the horizon', async () => {
    expect((await cli('status')).out).toMatch(/alive; ready\nsequencer {2}.*\(this relay\) leads since/);
    await database.db.transaction(async (tx) => {
      await tx.query(`select outbox.emit('orders', 'held', '{}'::jsonb)`);
      const { out } = await cli('status');
      expect(out).toMatch(/held by open transactions:\n {2}process \d+ \(tidemark test.*does nothing now/);
      expect(out).toContain('pg_terminate_backend(');
      const status = await json<{ sequencer: { horizonHolders: unknown[] } }>('status');
      expect(status.sequencer.horizonHolders).toHaveLength(1);
    });
  });

  test('a service that is no relay is told apart', async () => {
    const wrong = await tidemark({ TIDEMARK_URL: `${url}/health/live?x=` }, ['topics']);
    expect(wrong.code).toBe(1);
    expect(wrong.err).toContain('error:');
  });
});
