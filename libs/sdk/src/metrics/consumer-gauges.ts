import type { Metrics } from '#libs/foundation/observability';
import type { BreakerState, ConsumerStatus, SubscriptionStatus } from '#libs/movers/consumer';

type Read = (subscription: SubscriptionStatus) => number;

const BREAKER: Readonly<Record<BreakerState, number>> = { closed: 0, 'half-open': 1, open: 2 };

/** What consumers are at the moment, read from their status at each scrape: no timers, nothing stays of a stopped one. */
export class ConsumerGauges {
  readonly #metrics: Metrics;
  #statuses: readonly (() => ConsumerStatus)[] = [];

  constructor(metrics: Metrics) {
    this.#metrics = metrics;
    this.#readiness();
    this.#gauge(
      'breaker_state',
      '0 closed, 1 half-open, 2 open: nothing is handled.',
      ({ breaker }) => BREAKER[breaker],
    );
    this.#gauge(
      'lag_records',
      'Records of its partitions that are not done; retry topics, whose records wait for their time, do not count.',
      lagOf,
    );
    this.#gauge('paused', '1 while the subscription is paused by hand, else 0.', ({ paused }) => (paused ? 1 : 0));
    this.#gauge('under_way', 'Deliveries under way.', ({ underWay }) => underWay);
    this.#gauge('buffered_records', 'Records in memory.', ({ buffered }) => buffered);
    this.#gauge('buffered_bytes', 'Their bytes.', ({ bufferedBytes }) => bufferedBytes);
    this.#gauge(
      'missing_topics',
      'Topics that it names and that do not exist.',
      ({ missingTopics }) => missingTopics.length,
    );
    this.#gauge('partitions', 'Partitions that this instance reads.', ({ partitions }) => partitions.length);
  }

  /** A consumer that could not start says so (not ready) until another one begins. */
  watch(status: () => ConsumerStatus): void {
    const alive = this.#statuses.filter((one) => !['stopped', 'failed'].includes(one().state));
    this.#statuses = [...alive, status];
  }

  #current(): ConsumerStatus[] {
    return this.#statuses.map((status) => status()).filter(({ state }) => state !== 'stopped');
  }

  #readiness(): void {
    this.#metrics.gauge<'group'>({
      name: 'consumer_ready',
      help: '1 while the consumer is ready, 0 while it starts, is far behind or in trouble.',
      labels: ['group'],
      collect: (gauge) => {
        gauge.reset();
        const unready = new Map<string, boolean>();
        for (const { ready, subscriptions } of this.#current()) {
          for (const { group } of subscriptions) unready.set(group, (unready.get(group) ?? false) || !ready);
        }
        for (const [group, not] of unready) gauge.set({ group }, not ? 0 : 1);
      },
    });
  }

  #gauge(name: string, help: string, read: Read): void {
    this.#metrics.gauge<'group' | 'subscription'>({
      name: `consumer_${name}`,
      help,
      labels: ['group', 'subscription'],
      collect: (gauge) => {
        gauge.reset();
        for (const one of this.#subscriptions()) gauge.inc({ group: one.group, subscription: one.name }, read(one));
      },
    });
  }

  #subscriptions(): SubscriptionStatus[] {
    return this.#current().flatMap(({ subscriptions }) => subscriptions);
  }
}

/** Where the end is not known yet it counts for nothing: the consumer is not ready until then. */
function lagOf({ partitions }: SubscriptionStatus): number {
  return partitions.reduce((sum, { lag }) => sum + Number(lag ?? 0n), 0);
}
