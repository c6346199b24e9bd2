import { type Metrics, metricsOf } from '#libs/foundation/observability';
import type { ConsumerObserver, ConsumerStatus, HandledAs } from '#libs/movers/consumer';
import { ConsumerGauges } from './consumer-gauges.ts';

/** The `Registry` of prom-client 15 that the application serves. */
export type MetricsRegistry = Metrics['registry'];

type Labels = 'group' | 'subscription';

const OUTCOMES: Readonly<Record<HandledAs, true>> = { handled: true, duplicate: true, parked: true, placeholder: true };
const observers = new WeakMap<MetricsRegistry, ConsumerObserver>();

/**
 * Counts what consumers do, as `tidemark_consumer_…` on the registry: by group and subscription, never by topic, key or error, so
 * that series are as few as handlers. Counters are there with 0 once a consumer begins. Consumers of a process share it; asking
 * again for a registry gives the same observer, until the registry is cleared.
 */
export function consumerMetrics(registry: MetricsRegistry): ConsumerObserver {
  const known = observers.get(registry);
  if (known !== undefined && registry.getSingleMetric('tidemark_consumer_ready') !== undefined) return known;
  const made = observerOf(metricsOf(registry));
  observers.set(registry, made);
  return made;
}

function observerOf(metrics: Metrics): ConsumerObserver {
  const count = counters(metrics);
  const gauges = new ConsumerGauges(metrics);
  const seconds = metrics.histogram<Labels>({
    name: 'consumer_handling_seconds',
    help: 'From the begin of the try that handled a message to its commit.',
    labels: ['group', 'subscription'],
  });
  return {
    starting: (status) => {
      startAtZero(status(), count);
      gauges.watch(status);
    },
    handled: ({ group, subscription }, outcome, tookMs) => {
      count.messages.inc({ group, subscription, outcome });
      if (outcome === 'handled') seconds.observe({ group, subscription }, tookMs / 1_000);
    },
    tryFailed: ({ group, subscription }, _attempt, _error, counted) =>
      count.failedTries.inc({ group, subscription, cause: counted ? 'message' : 'trouble' }),
    batchSplit: ({ group, subscription }) => count.splits.inc({ group, subscription }),
    movedOn: ({ group, subscription }, _topic, dueAt) =>
      count.movedOn.inc({ group, subscription, to: dueAt === null ? 'dlq' : 'retry' }),
    breakerChanged: (group, subscription, _from, to) => {
      if (to === 'open') count.openings.inc({ group, subscription });
    },
    skipped: (group, _topic, _partition, from, to) => count.skipped.inc({ group }, Number(to - from)),
    failed: (group) => count.failures.inc({ group }),
  };
}

/** Prometheus sees no increase in a series that begins with its first event. */
function startAtZero({ subscriptions }: ConsumerStatus, count: ReturnType<typeof counters>): void {
  for (const { group, name: subscription } of subscriptions) {
    const of = { group, subscription };
    for (const outcome of Object.keys(OUTCOMES)) count.messages.inc({ ...of, outcome }, 0);
    for (const cause of ['message', 'trouble']) count.failedTries.inc({ ...of, cause }, 0);
    for (const to of ['retry', 'dlq']) count.movedOn.inc({ ...of, to }, 0);
    for (const each of [count.splits, count.openings]) each.inc(of, 0);
    for (const each of [count.skipped, count.failures]) each.inc({ group }, 0);
  }
}

function counters(metrics: Metrics) {
  const counter = <L extends string = never>(name: string, help: string, ...more: L[]) =>
    metrics.counter<Labels | L>({
      name: `consumer_${name}_total`,
      help,
      labels: ['group', 'subscription', ...more],
    });
  const ofGroup = (name: string, help: string) =>
    metrics.counter<'group'>({ name: `consumer_${name}_total`, help, labels: ['group'] });
  return {
    messages: counter('messages', 'Messages that are done here, by how they ended.', 'outcome'),
    failedTries: counter(
      'failed_tries',
      'Tries that failed: for the message, or for trouble of the database, which is tried again without end.',
      'cause',
    ),
    movedOn: counter('moved_on', 'Messages that went to a retry topic or the dlq.', 'to'),
    openings: counter('breaker_openings', 'Times the breaker opened because most deliveries failed.'),
    splits: counter('batch_splits', 'Batches that failed and were handled one by one.'),
    skipped: ofGroup('skipped_records', 'Records that retention dropped before the group had read them.'),
    failures: ofGroup('failures', 'Steps in the background that failed and are tried again.'),
  };
}
