import { SchemaCache, type SchemaSource } from '#libs/codec';
import { TidemarkError } from '#libs/foundation/kernel';
import type { Queryable } from '#libs/foundation/postgres';
import { type Consumer, createConsumer as consumerOf, type Decoder } from '#libs/movers/consumer';
import { PostgresInbox } from '#libs/stores/inbox';
import { PostgresSchemaSource } from '#libs/stores/schemas';
import { ConnectedConsumer } from './connected-consumer.ts';
import type { ConsumerSettings, CreateConsumerOptions } from './consumer-settings.ts';
import { consumerDatabase, type DatabaseHandle } from './database/consumer-database.ts';
import { type BoundSubscription, bindSubscription } from './event-subscription.ts';
import { refuseUnknownOptions } from './known-options.ts';
import { OutboxForwarder } from './outbox-forwarder.ts';
import { PayloadDecoder } from './payload-decoder.ts';
import { platformConnections } from './platform-connections.ts';
import { postgresTransport } from './transport/postgres-transport.ts';

/** The compiler sees to it that none is missing. */
const OPTIONS: Readonly<Record<keyof CreateConsumerOptions<string>, true>> = {
  database: true,
  url: true,
  poolMax: true,
  group: true,
  transport: true,
  member: true,
  groups: true,
  schemas: true,
  observer: true,
  onError: true,
  subscriptions: true,
  appVersion: true,
  commitIntervalMs: true,
  readyLag: true,
  lagIntervalMs: true,
  topicsIntervalMs: true,
  parkedIntervalMs: true,
  troubleBackoff: true,
  clock: true,
  sleep: true,
  random: true,
};

const POOL_MAX = 10;
const ignore = (): void => undefined;

/**
 * Makes a consumer of topics whose handlers' effects happen once: each message is handled in one transaction with its inbox row
 * and, for topics in Postgres, its offset. Nothing runs before `start`; signals are the application's to handle: call
 * `stop({ deadlineMs })` on SIGTERM. Throws CONSUMER_INVALID for options that cannot work.
 */
export function createConsumer<Handle extends DatabaseHandle>(options: CreateConsumerOptions<Handle>): Consumer {
  const { group, onError = ignore } = options;
  refuseUnknownOptions('the consumer', options, Object.keys(OPTIONS));
  if (typeof group !== 'string' || group === '') refuse('group is missing');
  if (options.subscriptions.length === 0) refuse('subscriptions is empty');
  const bound = options.subscriptions.map((given) => bindSubscription(given, group));
  const { url, poolMax = POOL_MAX } = options;
  const database = consumerDatabase(options.database, { url, poolMax, onError });
  const connections = platformConnections(database.url, onError);
  const transport = (options.transport ?? postgresTransport())({ ...connections, onError });
  const consumer = consumerOf({
    ...tuningOf(options),
    subscriptions: bound.map(({ subscription }) => subscription),
    transactions: database.transactions,
    inbox: new PostgresInbox(),
    forwarder: new OutboxForwarder(),
    decoder: decoderOf(bound, options.schemas, connections.db),
    topics: transport.topics,
    members: (request) => transport.member(request, options.groups?.[request.group] ?? options.member ?? {}),
    offsetsInTransaction: transport.offsetsInTransaction,
    cluster: transport.cluster ?? undefined,
  });
  return new ConnectedConsumer({ consumer, transport, database, connections });
}

function decoderOf(
  bound: readonly BoundSubscription<never>[],
  schemas: ConsumerSettings<string>['schemas'] = {},
  db: Queryable,
): Decoder {
  const source: SchemaSource = schemas.source ?? new PostgresSchemaSource(db);
  const modes = new Map(bound.map(({ subscription, decode }) => [subscription.name, decode]));
  return new PayloadDecoder(new SchemaCache(schemas).over(source), (subscription) => modes.get(subscription) ?? 'auto');
}

function tuningOf<Handle extends DatabaseHandle>(options: ConsumerSettings<Handle>) {
  const { appVersion, commitIntervalMs, readyLag, lagIntervalMs, topicsIntervalMs, parkedIntervalMs } = options;
  const { troubleBackoff, observer, clock, sleep, random } = options;
  const intervals = { commitIntervalMs, readyLag, lagIntervalMs, topicsIntervalMs, parkedIntervalMs };
  return { appVersion, ...intervals, troubleBackoff, observer, clock, sleep, random };
}

function refuse(what: string): never {
  throw new TidemarkError('CONSUMER_INVALID', `the consumer cannot be made: ${what}`);
}
