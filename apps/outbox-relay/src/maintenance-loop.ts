import { purgeAnswers } from '#libs/foundation/http';
import { Loop } from '#libs/foundation/lifecycle';
import type { Logger, Metrics } from '#libs/foundation/observability';
import type { Database } from '#libs/foundation/postgres';
import type { MaintenanceReport, PartitionMaintenance } from '#libs/movers/sequencer';
import type { InboxMaintenance, InboxMaintenanceReport } from '#libs/stores/inbox';

export interface MaintenanceLoopParts {
  readonly maintenance: PartitionMaintenance;
  readonly inbox: InboxMaintenance;
  readonly db: Database;
  readonly intervalMs: number;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** Makes partitions ahead, drops those past their retention, and forgets old answers to repeated writes. */
export function maintenanceLoop({ maintenance, inbox, db, intervalMs, logger, metrics }: MaintenanceLoopParts): Loop {
  const created = metrics.counter({
    name: 'outbox_partitions_created_total',
    help: 'Partitions made ahead of the writers.',
  });
  const dropped = metrics.counter({
    name: 'outbox_partitions_dropped_total',
    help: 'Partitions dropped after their retention.',
  });
  const blocked = metrics.gauge({
    name: 'outbox_partition_drop_blocked',
    help: '1 while a drop waits for open transactions.',
  });
  const failures = metrics.counter({ name: 'maintenance_failures_total', help: 'Rounds of maintenance that failed.' });

  const tell = (report: MaintenanceReport): void => {
    created.inc(report.created);
    dropped.inc(report.dropped.length);
    blocked.set(report.blocked === null ? 0 : 1);
    if (report.created > 0) logger.info('made partitions ahead of the writers', { count: report.created });
    for (const relation of report.marked) logger.info('marked a partition for dropping', { relation });
    for (const relation of report.dropped) logger.info('dropped a partition', { relation });
    if (report.blocked !== null) logger.warn('a drop waits for open transactions', { relation: report.blocked });
  };

  const tellOfInbox = inboxTelemetry(logger.child({ part: 'inbox' }), metrics);

  return new Loop({
    name: 'maintenance',
    step: async (signal) => {
      tell(await maintenance.run(signal));
      tellOfInbox(await inbox.run(signal));
      await purgeAnswers(db, { signal });
      return { waitMs: intervalMs };
    },
    onError: (error) => {
      failures.inc();
      logger.warn('maintenance failed and is tried again', { error });
      return { waitMs: Math.min(intervalMs, 5_000) };
    },
  });
}

function inboxTelemetry(logger: Logger, metrics: Metrics): (report: InboxMaintenanceReport) => void {
  const created = metrics.counter({
    name: 'inbox_partitions_created_total',
    help: 'Partitions made ahead of the consumers.',
  });
  const dropped = metrics.counter({
    name: 'inbox_partitions_dropped_total',
    help: 'Partitions of handled messages dropped after their time.',
  });
  const blocked = metrics.gauge({
    name: 'inbox_partition_drop_blocked',
    help: '1 while a drop of handled messages waits for open transactions.',
  });
  const forgotten = metrics.counter({
    name: 'inbox_failures_forgotten_total',
    help: 'Failures of consumers that were resolved or dead, and are past their time.',
  });
  return (report) => {
    created.inc(report.created);
    dropped.inc(report.dropped.length);
    forgotten.inc(report.forgotten);
    blocked.set(report.blocked === null ? 0 : 1);
    if (report.forgotten > 0) logger.info('forgot old failures', { count: report.forgotten });
    if (report.created > 0) logger.info('made partitions ahead of the consumers', { count: report.created });
    for (const relation of report.dropped) logger.info('dropped a partition', { relation });
    if (report.blocked !== null) logger.warn('a drop waits for open transactions', { relation: report.blocked });
  };
}
