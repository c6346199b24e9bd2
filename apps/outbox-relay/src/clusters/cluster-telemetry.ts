import { TidemarkError } from '#libs/foundation/kernel';
import type { Logger, Metrics } from '#libs/foundation/observability';
import type { LaneName, PublisherObserver, StopReason } from '#libs/movers/publisher';
import type { SegmentReason } from '#libs/stores/log';
import { RepeatedWarnings } from './repeated-warnings.ts';

/**
 * Logs and measures what the publisher of one cluster does: a line per change of state, none per batch above debug, and one
 * a minute for a failure that repeats. `now`: in ms, never goes back.
 */
export function clusterTelemetry(
  cluster: string,
  logger: Logger,
  metrics: Metrics,
  now: () => number = () => performance.now(),
): PublisherObserver {
  const leading = metrics.gauge({
    name: 'cluster_publishing',
    help: '1 while this instance publishes to the cluster, else 0.',
    labels: ['cluster'],
  });
  const exact = metrics.gauge({
    name: 'cluster_exact_mode',
    help: '1 while this instance publishes in exact mode, 0 while at least once.',
    labels: ['cluster'],
  });
  const inFlight = metrics.gauge({
    name: 'cluster_requests_in_flight',
    help: 'Produce requests that wait for an answer, by broker id.',
    labels: ['cluster', 'broker'],
  });
  const count = counters(metrics);
  const repeated = new RepeatedWarnings(now);
  leading.set({ cluster }, 0);
  startAtZero(cluster, count);
  return {
    ledSince: (term, mode, reason) => {
      leading.set({ cluster }, 1);
      exact.set({ cluster }, mode === 'exact' ? 1 : 0);
      logger.info('publishes to the cluster', { term: term.toString(), mode, reason });
    },
    fellBack: (reason) => {
      count.fallbacks.inc({ cluster });
      logger.warn('exact mode is given up: the cluster is published to at least once from now on', { reason });
    },
    ledNoMore: (term, reason) => {
      leading.set({ cluster }, 0);
      logger.info('publishes to the cluster no more', { term: term.toString(), reason });
    },
    failed: (loop, error) => {
      count.failures.inc({ cluster });
      const suppressed = repeated.due(`${loop}: ${kindOf(error)}`);
      if (suppressed === undefined) return;
      logger.warn('publishing failed and is tried again', { loop, error, ...(suppressed > 0 ? { suppressed } : {}) });
    },
    acked: ({ topic }, records, bytes) => {
      count.records.inc({ cluster, topic }, records);
      count.bytes.inc({ cluster, topic }, bytes);
    },
    inFlight: (broker, requests) => inFlight.set({ cluster, broker: String(broker) }, requests),
    throttled: (broker, ms) => {
      count.throttled.inc({ cluster }, ms / 1_000);
      logger.debug('a broker asks for a pause', { broker, ms });
    },
    batchFailed: (lane, rule) => {
      count.batchesFailed.inc({ cluster, rule });
      logger.debug('a batch was not acked', { ...nameOf(lane), rule });
    },
    located: (lane, cause, offset) => {
      count.located.inc({ cluster, cause });
      const detail = { ...nameOf(lane), cause, offset: offset.toString() };
      if (NOTEWORTHY.has(cause)) logger.warn('a partition on the cluster is not as it was left', detail);
      else logger.debug('found where a partition ends on the cluster', detail);
    },
    segmentOpened: (lane, { reason, fromOffset, delta }) => {
      count.segments.inc({ cluster, reason });
      if (delta === 0n) return;
      const detail = { reason, fromOffset: fromOffset.toString(), delta: delta.toString() };
      logger.warn('offsets on the cluster differ from those of the log', { ...nameOf(lane), ...detail });
    },
    quarantined: (lane, ms) => {
      count.quarantined.inc({ cluster });
      logger.info('waits until nothing that was sent before can arrive', { ...nameOf(lane), ms });
    },
    blocked: (lane, trouble) =>
      logger.warn('a partition stands still and is tried again', { ...nameOf(lane), trouble }),
    stopped: (lane, why, detail) => {
      count.stopped.inc({ cluster, why });
      logger.error('a partition is stopped and needs a person', { ...nameOf(lane), why, detail });
    },
    authorizationMissing: () => count.unauthorized.inc({ cluster }),
    placeholderMade: (lane, offset) => {
      count.placeholders.inc({ cluster });
      logger.warn('the cluster refuses a record as too large; a placeholder stands in its place', {
        ...nameOf(lane),
        offset: offset.toString(),
      });
    },
    timestampsClamped: (_lane, records) => count.clamped.inc({ cluster }, records),
    recreated: (topic) => {
      count.recreated.inc({ cluster });
      logger.warn('the topic was deleted and created again on the cluster', { topic });
    },
    topicRefused: (topic, detail) => {
      count.refused.inc({ cluster });
      logger.error('the topic is not published to the cluster', { topic, detail });
    },
    topicWarning: (topic, code, text) => {
      count.warnings.inc({ cluster, code });
      logger.warn('the configs of a topic on the cluster are unusual', { topic, code, text });
    },
    expanded: (topic, partitions, onCluster) => {
      count.expanded.inc({ cluster });
      logger.warn('somebody gave the topic more partitions on the cluster', { topic, partitions, onCluster });
    },
  };
}

/** Those who call know more of a partition, such as where it began under this lease: nothing to read in a log. */
const nameOf = ({ topic, partition }: LaneName): LaneName => ({ topic, partition });

/** Texts of errors name brokers, times and offsets: by them, hardly two would be alike. */
function kindOf(error: unknown): string {
  if (error instanceof TidemarkError) return error.code;
  return error instanceof Error ? error.name : typeof error;
}

/** What somebody should know of; the others happen at every start. */
const NOTEWORTHY: ReadonlySet<string> = new Set(['foreign', 'truncated', 'recreated', 'adopted', 'pruned']);

const SEGMENT_REASONS: Readonly<Record<SegmentReason, true>> = {
  start: true,
  foreign: true,
  pruned: true,
  recreated: true,
  truncated: true,
  adopted: true,
};
const STOP_REASONS: Readonly<Record<StopReason, true>> = { ahead: true, diverged: true, refused: true };

/** Prometheus sees no increase in a series that begins with its first event: what alerts watch has to be there before. */
function startAtZero(cluster: string, count: ReturnType<typeof counters>): void {
  for (const each of [
    count.failures,
    count.fallbacks,
    count.throttled,
    count.quarantined,
    count.unauthorized,
    count.placeholders,
    count.clamped,
    count.recreated,
    count.refused,
    count.expanded,
  ])
    each.inc({ cluster }, 0);
  for (const reason of Object.keys(SEGMENT_REASONS)) count.segments.inc({ cluster, reason }, 0);
  for (const why of Object.keys(STOP_REASONS)) count.stopped.inc({ cluster, why }, 0);
}

function counters(metrics: Metrics) {
  const counter = <L extends string = never>(name: string, help: string, ...labels: L[]) =>
    metrics.counter<'cluster' | L>({ name: `cluster_${name}_total`, help, labels: ['cluster', ...labels] });
  return {
    records: counter('records', 'Records that the cluster has acknowledged.', 'topic'),
    bytes: counter('bytes', 'Bytes of keys, values and headers of those records.', 'topic'),
    failures: counter('publisher_failures', 'Steps of the publisher that failed and are tried again.'),
    fallbacks: counter(
      'mode_fallbacks',
      'Times exact mode was given up for at least once, because the cluster refused it.',
    ),
    throttled: counter('throttle_seconds', 'Pauses that brokers asked for, because of a quota.'),
    batchesFailed: counter('batches_failed', "Batches that were not acknowledged, by Kafka's error.", 'rule'),
    located: counter(
      'ends_located',
      'Times the end of a partition was found on the cluster, by what was found.',
      'cause',
    ),
    segments: counter('segments_opened', 'Runs of offsets that were opened, by reason.', 'reason'),
    quarantined: counter('quarantines', 'Waits until no earlier batch can arrive any more.'),
    stopped: counter('partitions_stopped', 'Partitions that stopped and need a person.', 'why'),
    unauthorized: counter('authorization_missing', 'Requests that the cluster refused for want of a permission.'),
    placeholders: counter('placeholders', 'Records that the cluster refused as too large.'),
    clamped: counter(
      'timestamps_clamped',
      'Records whose time the cluster does not take, sent with the nearest it does.',
    ),
    recreated: counter('topics_recreated', 'Topics that were deleted and created again on the cluster.'),
    refused: counter('topics_refused', 'Times a topic was refused, such as for another number of partitions.'),
    warnings: counter('topic_warnings', 'Unusual configs that topics were found with.', 'code'),
    expanded: counter('topics_expanded', 'Times a topic was found with more partitions than the log has.'),
  };
}
