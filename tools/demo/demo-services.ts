import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Shutdown } from '#libs/foundation/lifecycle';
import { createLogger, NestLogger } from '#libs/foundation/observability';
import { Database, migrateUp } from '#libs/foundation/postgres';
import { PostgresGroupAdmin } from '#libs/stores/topic';
import { MIGRATIONS } from '#migrations';
import { createOrdersApp } from '../../examples/orders/src/orders-app.ts';
import { PROJECTION_GROUP } from '../../examples/orders/src/read-model/projection-runner.ts';
import { SHIPPING_GROUP } from '../../examples/orders/src/shipping/shipping.module.ts';
import { type DemoPostgres, provideDemoPostgres } from './demo-postgres.ts';
import { freePort } from './free-port.ts';
import type { DemoStage } from './run-demo.ts';
import type { Screen } from './screen.ts';
import { ServiceProcess } from './service-process.ts';
import { ShopClient } from './shop/shop-client.ts';
import { startPart } from './start-part.ts';

export interface DemoServices extends Omit<DemoStage, 'screen'> {
  readonly relayUrl: string;
  readonly ordersUrl: string;
  readonly databaseUrl: string;
}

export interface ServicesOptions {
  /** The server to make a database on; undefined: an embedded one. */
  readonly databaseUrl: string | undefined;
  /** Decides which of the carriers' calls fail. */
  readonly seed: number;
  /** A folder of this run. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly screen: Screen;
  /** Each part is added when it has been started. */
  readonly shutdown: Shutdown;
}

const RELAY_MAIN = fileURLToPath(new URL('../../apps/outbox-relay/src/main.js', import.meta.url));
const SHIPPING_MAIN = fileURLToPath(new URL('../../examples/orders/src/shipping/main.js', import.meta.url));
const RELAY_PORT = 8082;
const ORDERS_PORT = 8090;
const SHIPPING_PORT = 8091;
const PROJECTION_MEMBERS = 2;

/** Starts Postgres, the relay and shipping in processes of their own, and orders with its projection in this one. */
export async function startDemoServices(options: ServicesOptions): Promise<DemoServices> {
  const postgres = await startPostgres(options);
  const { relay, relayUrl } = await startRelay(options, postgres.url);
  const ordersUrl = await startOrders(options, postgres.url);
  const shipping = await startShipping(options, postgres.url);
  const db = new Database({ url: postgres.url, poolMax: 4, applicationName: 'tidemark demo' });
  options.shutdown.add('demo connections', () => db.close());
  const groups = new PostgresGroupAdmin(db);
  return {
    db,
    relay,
    shipping,
    relayUrl,
    ordersUrl,
    databaseUrl: postgres.url,
    client: new ShopClient(ordersUrl),
    lags: {
      readModel: async () => (await groups.describe(PROJECTION_GROUP)).lagRecords,
      shipping: async () => (await groups.describe(SHIPPING_GROUP)).lagRecords,
    },
  };
}

async function startPostgres({ databaseUrl, folder, screen, shutdown }: ServicesOptions): Promise<DemoPostgres> {
  const report = (line: string): void => screen.progress(`  Postgres  ${line}`);
  const provide = (): Promise<DemoPostgres> => provideDemoPostgres(databaseUrl, folder, report);
  const postgres = await startPart(shutdown, 'Postgres', provide, (part, deadlineMs) => part.dispose(deadlineMs));
  await migrateUp({ url: postgres.url, migrations: MIGRATIONS });
  screen.say(`  Postgres  ${postgres.described}`);
  return postgres;
}

async function startRelay(
  options: ServicesOptions,
  databaseUrl: string,
): Promise<{ relay: ServiceProcess; relayUrl: string }> {
  const port = await freePort(RELAY_PORT);
  const relayUrl = `http://127.0.0.1:${port}`;
  const env = { ...inherited(options), DATABASE_URL: databaseUrl, TIDEMARK_RELAY_PORT: String(port) };
  const relay = new ServiceProcess({
    name: 'relay',
    args: [RELAY_MAIN],
    env,
    url: relayUrl,
    logFile: join(options.folder, 'relay.log'),
  });
  // Before the start: a relay that is not ready in time runs, and has to be stopped.
  options.shutdown.add('relay', (deadlineMs) => relay.stop(deadlineMs));
  await relay.start();
  options.screen.say(`  relay     ${relayUrl}, process ${relay.pid}${insteadOf(RELAY_PORT, port)}`);
  return { relay, relayUrl };
}

async function startOrders({ screen, shutdown }: ServicesOptions, databaseUrl: string): Promise<string> {
  const port = await freePort(ORDERS_PORT);
  const logger = new NestLogger(createLogger({ level: 'warn', format: 'pretty', write: (line) => screen.say(line) }));
  const settings = { databaseUrl, poolMax: 16, projectionMembers: PROJECTION_MEMBERS };
  const create = (): Promise<NestFastifyApplication> => createOrdersApp(settings, logger);
  const app = await startPart(shutdown, 'orders', create, (part) => part.close());
  await app.listen(port, '127.0.0.1');
  const url = `http://127.0.0.1:${port}`;
  screen.say(`  orders    ${url}, with a projection of ${PROJECTION_MEMBERS} members${insteadOf(ORDERS_PORT, port)}`);
  return url;
}

async function startShipping(options: ServicesOptions, databaseUrl: string): Promise<ServiceProcess> {
  const port = await freePort(SHIPPING_PORT);
  const settings = { SHIPPING_PORT: String(port), SHIPPING_INSTANCE: 'demo', CARRIER_SEED: String(options.seed) };
  const url = `http://127.0.0.1:${port}`;
  const shipping = new ServiceProcess({
    name: 'shipping',
    args: [SHIPPING_MAIN],
    env: { ...inherited(options), DATABASE_URL: databaseUrl, ...settings },
    url,
    logFile: join(options.folder, 'shipping.log'),
  });
  options.shutdown.add('shipping', (deadlineMs) => shipping.stop(deadlineMs));
  await shipping.start();
  options.screen.say(`  shipping  ${url}, process ${shipping.pid}${insteadOf(SHIPPING_PORT, port)}`);
  return shipping;
}

/** Settings of other Tidemark programs in this terminal are not meant for those that the demo starts. */
function inherited({ environment }: ServicesOptions): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('TIDEMARK_')));
}

function insteadOf(wanted: number, got: number): string {
  return wanted === got ? '' : ` (port ${wanted} is in use)`;
}
