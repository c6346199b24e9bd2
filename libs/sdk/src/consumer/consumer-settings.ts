import type { SchemaCacheOptions, SchemaSource } from '#libs/codec';
import type { ConsumerObserver, ConsumerOptions } from '#libs/movers/consumer';
import type { DatabaseHandle, TransactionOf } from './database/consumer-database.ts';
import type { EventSubscription } from './event-subscription.ts';
import type { MemberOptions, TransportFactory } from './transport/transport.ts';

/** Times and limits of the whole consumer; see ConsumerOptions for each. */
type Tuning = Pick<
  ConsumerOptions<never>,
  | 'appVersion'
  | 'commitIntervalMs'
  | 'readyLag'
  | 'lagIntervalMs'
  | 'topicsIntervalMs'
  | 'parkedIntervalMs'
  | 'troubleBackoff'
  | 'clock'
  | 'sleep'
  | 'random'
>;

/** A consumer but for its subscriptions. */
export interface ConsumerSettings<Handle extends DatabaseHandle> extends Tuning {
  /** Where handlers write, with inbox and outbox: a `pg` Pool, a TypeORM DataSource, or a URL. */
  readonly database: Handle;
  /**
   * For the platform's own connections to the same database: at most two for heartbeats and four for reads. Default: where the pool
   * or DataSource connects to; needed where that has TLS settings, a password function or replicas.
   */
  readonly url?: string;
  /** Connections for handlers when `database` is a URL; default 10. A pool of your own needs one per delivery under way. */
  readonly poolMax?: number;
  /** The group of subscriptions that name none. Members of one group share the partitions of its topics. */
  readonly group: string;
  /** Where records come from; default postgresTransport(): the topics of `database`. */
  readonly transport?: TransportFactory;
  /** Where a new group starts, static membership, time-outs; for groups that `groups` does not name. */
  readonly member?: MemberOptions;
  readonly groups?: Readonly<Record<string, MemberOptions>>;
  /** Where schemas come from; default: the registry's tables in `database`. */
  readonly schemas?: SchemaCacheOptions & { readonly source?: SchemaSource };
  readonly observer?: ConsumerObserver;
  /** Told about broken idle connections and failed reads, which are tried again; default: nothing. */
  readonly onError?: (error: unknown) => void;
}

export interface CreateConsumerOptions<Handle extends DatabaseHandle> extends ConsumerSettings<Handle> {
  readonly subscriptions: readonly EventSubscription<TransactionOf<Handle>>[];
}
