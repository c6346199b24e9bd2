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
import { SHIPPING_GROUP } from '../../examples/orders/src/shipping/shipping.module.ts';
import { allChecks } from '../../tools/demo/checks/all-checks.ts';
import { type CheckResult, runChecks } from '../../tools/demo/checks/check.ts';
import { freePort } from '../../tools/demo/free-port.ts';
import { type DemoOutcome, runDemo } from '../../tools/demo/run-demo.ts';
import { createScreen } from '../../tools/demo/screen.ts';
import { ServiceProcess } from '../../tools/demo/service-process.ts';
import { ShopClient } from '../../tools/demo/shop/shop-client.ts';

// The core of `npm run demo` with few orders, and the proof that its checks can fail.

const TITLES = {
  answers: 'the tables say what the customers were told',
  changes: 'each committed change sent one message, others none',
  records: 'each committed message is in its topic exactly once',
  offsets: 'offsets have no gap',
  keys: 'each key has the order of its commits',
  model: 'the read model equals the truth',
  parcels: 'each shipped order is one parcel, one event, one fee',
  retries: 'carriers that failed were asked again until they took it',
  dead: 'only what nobody delivers is a dead letter, and says why',
} as const;

// From the sources: a build could be older than they are.
const COMPILE = new URL('harness/compile-decorators.ts', import.meta.url).href;
const RELAY = fileURLToPath(new URL('../../apps/outbox-relay/src/main.ts', import.meta.url));
const SHIPPING = fileURLToPath(new URL('../../examples/orders/src/shipping/main.ts', import.meta.url));

const silent = { log: () => undefined, warn: () => undefined, error: () => undefined };
const lines: string[] = [];
const seed = testSeed();

let folder: string;
let database: TestDatabase;
let relay: ServiceProcess;
let shipping: ServiceProcess;
let app: NestFastifyApplication;
let outcome: DemoOutcome;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tidemark-demo-test-'));
  database = await createTestDatabase();
  relay = await serviceOf('relay', RELAY, (port) => ({ TIDEMARK_RELAY_PORT: port }));
  const instance = { SHIPPING_INSTANCE: 'test', CARRIER_SEED: String(seed) };
  shipping = await serviceOf('shipping', SHIPPING, (port) => ({ SHIPPING_PORT: port, ...instance }));
  const startShop = async (): Promise<void> => {
    app = await createOrdersApp({ databaseUrl: database.url, projectionMembers: 2 }, silent);
    await Promise.all([shipping.start(), app.listen(0, '127.0.0.1')]);
  };
  await Promise.all([relay.start(), startShop()]);
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
    shipping,
    lags: {
      readModel: async () => (await groups.describe(PROJECTION_GROUP)).lagRecords,
      shipping: async () => (await groups.describe(SHIPPING_GROUP)).lagRecords,
    },
    screen,
  };
  const plan = { orders: 120, workers: 8, seed, relayDownMs: 200, shippingKills: 2 };
  const ran = await runDemo(stage, plan, new AbortController().signal);
  outcome = ran!;
}, 120_000);

async function serviceOf(
  name: string,
  main: string,
  settings: (port: string) => Record<string, string>,
): Promise<ServiceProcess> {
  const port = await freePort(0);
  const env = { PATH: process.env['PATH'], DATABASE_URL: database.url, ...settings(String(port)) };
  const args = ['--conditions=source', '--import', COMPILE, main];
  return new ServiceProcess({
    name,
    args,
    env,
    url: `http://127.0.0.1:${port}`,
    logFile: join(folder, `${name}.log`),
  });
}

afterAll(async () => {
  await app?.close();
  await Promise.all([relay?.stop(5_000), shipping?.stop(5_000)]);
  await database?.drop();
  await rm(folder, { recursive: true, force: true });
});

function failed(checks: readonly CheckResult[]): string[] {
  return checks.filter((check) => !check.passed).map((check) => check.title);
}

test(`every check passes after a kill -9 of the relay midway, and of shipping twice (SEED=${seed})`, () => {
  expect(outcome.checks.flatMap((check) => check.differences)).toEqual([]);
  expect(outcome.checks.map((check) => check.title)).toEqual(Object.values(TITLES));
  expect(lines.join('')).toMatch(/relay killed \(kill -9 \d+\) after \d+ orders[^]*relay restarted \(process \d+\)/);
  expect(lines.join('')).toMatch(/shipping killed 2 times \(kill -9\) at \d+, \d+ orders/);
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
    results = await runChecks(allChecks(tx, outcome.answers, seed));
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
  {
    what: 'a parcel that was booked twice',
    tampering: `insert into shipping.parcel select gen_random_uuid(), order_id, carrier, tracking_number, fee_cents, attempts, booked_at
      from shipping.parcel order by id limit 1`,
    fails: [TITLES.parcels],
  },
  {
    what: 'a fee that was added twice',
    tampering: `update shipping.carrier_account set owed_cents = owed_cents + 390`,
    fails: [TITLES.parcels],
  },
  {
    what: 'a parcel without its event',
    tampering: `delete from outbox.message where id = (
      select min(m.id) from outbox.message m join outbox.topic t on t.id = m.topic_id where t.name = 'parcels.booked')`,
    fails: [TITLES.parcels],
  },
  {
    what: 'a call that no carrier got',
    tampering: `update shipping.parcel set attempts = attempts + 1 where id = (select min(id::text)::uuid from shipping.parcel)`,
    fails: [TITLES.retries],
  },
  {
    what: 'a dead letter that does not say why',
    tampering: `update outbox.message m set headers = '[]' from outbox.topic t
      where t.id = m.topic_id and t.name = 'orders.shipped.shipping.dlq'`,
    fails: [TITLES.dead],
  },
])('the checks find $what', async ({ tampering, fails }) => {
  const results = await checksAfter(tampering);
  expect(failed(results)).toEqual(fails);
  for (const check of results) expect(check.differences.length > 0).toBe(!check.passed);
});
