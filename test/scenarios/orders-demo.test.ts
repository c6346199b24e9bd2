import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createTestDatabase, type TestDatabase, testSeed } from '#libs/foundation/testing';
import { PostgresGroupAdmin } from '#libs/stores/topic';
import { createOrdersApp } from '../../examples/orders/src/orders-app.ts';
import { PROJECTION_GROUP } from '../../examples/orders/src/read-model/projection-runner.ts';
import { allChecks } from '../../tools/demo/checks/all-checks.ts';
import { type CheckResult, runChecks } from '../../tools/demo/checks/check.ts';
import { freePort } from '../../tools/demo/free-port.ts';
import { RelayProcess } from '../../tools/demo/relay-process.ts';
import { type DemoOutcome, runDemo } from '../../tools/demo/run-demo.ts';
import { createScreen } from '../../tools/demo/screen.ts';
import { ShopClient } from '../../tools/demo/shop/shop-client.ts';

// The core of `npm run demo` with few orders, and the proof that its checks can fail.

const TITLES = {
  answers: 'the tables say what the customers were told',
  changes: 'each committed change sent one message, others none',
  records: 'each committed message is in its topic exactly once',
  offsets: 'offsets have no gap',
  keys: 'each key has the order of its commits',
  model: 'the read model equals the truth',
} as const;

// From the sources: a build could be older than they are.
const COMPILE = new URL('harness/compile-decorators.ts', import.meta.url).href;
const RELAY = fileURLToPath(new URL('../../apps/outbox-relay/src/main.ts', import.meta.url));

const silent = { log: () => undefined, warn: () => undefined, error: () => undefined };
const lines: string[] = [];
const seed = testSeed();

let folder: string;
let database: TestDatabase;
let relay: RelayProcess;
let app: NestFastifyApplication;
let outcome: DemoOutcome;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tidemark-demo-test-'));
  database = await createTestDatabase();
  const port = await freePort(0);
  const env = { PATH: process.env['PATH'], DATABASE_URL: database.url, TIDEMARK_RELAY_PORT: String(port) };
  const args = ['--conditions=source', '--import', COMPILE, RELAY];
  relay = new RelayProcess({ args, env, url: `http://127.0.0.1:${port}`, logFile: join(folder, 'relay.log') });
  await relay.start();
  app = await createOrdersApp({ databaseUrl: database.url, projectionMembers: 2 }, silent);
  await app.listen(0, '127.0.0.1');
  const groups = new PostgresGroupAdmin(database.db);
  const screen = createScreen({
    write: (line) => lines.push(line),
    isTerminal: false,
    colours: false,
    columns: 80,
    now: () => 0,
  });
  const stage = {
    db: database.db,
    client: new ShopClient(await app.getUrl()),
    relay,
    projectionLag: async () => (await groups.describe(PROJECTION_GROUP)).lagRecords,
    screen,
  };
  const ran = await runDemo(stage, { orders: 120, workers: 8, seed, relayDownMs: 200 }, new AbortController().signal);
  outcome = ran!;
}, 120_000);

afterAll(async () => {
  await app?.close();
  await relay?.stop(5_000);
  await database?.drop();
  await rm(folder, { recursive: true, force: true });
});

function failed(checks: readonly CheckResult[]): string[] {
  return checks.filter((check) => !check.passed).map((check) => check.title);
}

test(`every check passes after a kill -9 of the relay midway (SEED=${seed})`, () => {
  expect(outcome.checks.flatMap((check) => check.differences)).toEqual([]);
  expect(outcome.checks.map((check) => check.title)).toEqual(Object.values(TITLES));
  expect(lines.join('')).toMatch(/relay killed \(kill -9 \d+\) after \d+ orders[^]*relay restarted \(process \d+\)/);
});

test('the customers did what the checks are about', () => {
  const { answers } = outcome;
  expect(answers.ordersTried).toBe(120);
  expect(answers.orders.size).toBeGreaterThan(60);
  expect(answers.refusedInAll).toBeGreaterThan(0);
  expect(outcome.records).toBeGreaterThan(400);
});

/** Runs the checks on data that was tampered with, in a transaction that is then rolled back. */
async function checksAfter(tampering: string): Promise<CheckResult[]> {
  const rollback = new Error('rolled back on purpose');
  let results: CheckResult[] = [];
  const work = database.db.transaction(async (tx) => {
    const { rowCount } = await tx.query(tampering);
    expect(rowCount).toBeGreaterThan(0);
    results = await runChecks(allChecks(tx, outcome.answers));
    throw rollback;
  });
  await expect(work).rejects.toBe(rollback);
  return results;
}

const BATCH_OF_TWO = `(select ctid from log.batch where records >= 2 order by step limit 1)`;
/** Two messages of one key. */
const PAIR = `
  with pair as (
    select min(m.id) as first, max(m.id) as second from outbox.message m join outbox.topic t on t.id = m.topic_id
    where t.name = 'stock.changed' group by m.key having count(*) >= 2 order by m.key limit 1)`;

test.each([
  {
    what: 'an order that nobody was told of, or told otherwise',
    tampering: `update orders.orders set total_cents = total_cents + 1 where id = (select min(id::text)::uuid from orders.orders)`,
    fails: [TITLES.answers, TITLES.model],
  },
  {
    what: 'a delivery that was never confirmed',
    tampering: `insert into orders.stock_movement select sku, version + 1, 'delivered', 1, null, now() from orders.stock order by sku limit 1`,
    fails: [TITLES.answers, TITLES.changes],
  },
  {
    what: 'a message that no committed change wrote',
    tampering: `select outbox.emit_bytes('stock.changed', m.key, m.payload, schema_id => m.schema_id)
      from outbox.message m join outbox.topic t on t.id = m.topic_id where t.name = 'stock.changed' order by m.id desc limit 1`,
    fails: [TITLES.changes, TITLES.records],
  },
  {
    what: 'a change without its message',
    tampering: `delete from outbox.message where id = (
      select min(m.id) from outbox.message m join outbox.topic t on t.id = m.topic_id where t.name = 'stock.changed')`,
    fails: [TITLES.changes, TITLES.records, TITLES.keys],
  },
  {
    what: 'a record that is there twice, in the place of another',
    tampering: `update log.batch set positions[2] = positions[1] where ctid = ${BATCH_OF_TWO}`,
    fails: [TITLES.records, TITLES.offsets, TITLES.keys],
  },
  {
    what: 'an end of a partition that is before its last record',
    tampering: `update log.head set next_offset = next_offset - 1
      where ctid = (select ctid from log.head order by next_offset desc limit 1)`,
    fails: [TITLES.offsets],
  },
  {
    what: 'an end of a partition that is behind its last record',
    tampering: `update log.head set next_offset = next_offset + 1
      where ctid = (select ctid from log.head order by next_offset desc limit 1)`,
    fails: [TITLES.records, TITLES.offsets, TITLES.keys],
  },
  {
    what: 'a gap in the offsets',
    tampering: `update log.batch set base_offset = base_offset + 1
      where ctid = (select ctid from log.batch order by base_offset desc limit 1)`,
    fails: [TITLES.offsets],
  },
  {
    what: 'two records of a key that changed places in the log',
    tampering: `${PAIR}
      update log.batch b
      set positions = (select array_agg(case p when first then second when second then first else p end order by place)
                       from unnest(b.positions) with ordinality as u(p, place))
      from pair where b.positions && array[first, second]`,
    fails: [TITLES.records, TITLES.offsets, TITLES.keys],
  },
  {
    what: 'two messages of a key whose positions are not in the order of their commits',
    tampering: `${PAIR}
      update outbox.message m set payload = other.payload, headers = other.headers, message_id = other.message_id
      from pair join outbox.message other on other.id in (first, second)
      where m.id in (first, second) and m.id <> other.id`,
    fails: [TITLES.keys],
  },
  {
    what: 'a table that is ahead of the topics',
    tampering: `update orders.stock set version = version + 1 where sku = 'tea-small'`,
    fails: [TITLES.keys, TITLES.model],
  },
  {
    what: 'a customer whose summary is wrong',
    tampering: `update orders_view.customer_summary set paid_cents = paid_cents + 1
      where customer_id = (select min(customer_id) from orders_view.customer_summary)`,
    fails: [TITLES.model],
  },
  {
    what: 'a day that is missing from the read model',
    tampering: `delete from orders_view.revenue_by_day`,
    fails: [TITLES.model],
  },
  {
    what: 'a stock level that is behind',
    tampering: `update orders_view.stock_level set reserved = reserved + 1 where sku = 'tea-small'`,
    fails: [TITLES.model],
  },
])('the checks find $what', async ({ tampering, fails }) => {
  const results = await checksAfter(tampering);
  expect(failed(results)).toEqual(fails);
  for (const check of results) expect(check.differences.length > 0).toBe(!check.passed);
});
