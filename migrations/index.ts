import type { MigrationInterface } from 'typeorm';
import { OutboxTables1763700000000 } from './1763700000000-outbox-tables.ts';
import { OutboxPartitions1763700001000 } from './1763700001000-outbox-partitions.ts';
import { OutboxTopics1763700002000 } from './1763700002000-outbox-topics.ts';
import { OutboxEmit1763700003000 } from './1763700003000-outbox-emit.ts';
import { OutboxDebezium1763700004000 } from './1763700004000-outbox-debezium.ts';
import { Log1763700005000 } from './1763700005000-log.ts';
import { LogPages1763700005500 } from './1763700005500-log-pages.ts';
import { LogGroups1763700006000 } from './1763700006000-log-groups.ts';
import { OutboxAdoption1763700007000 } from './1763700007000-outbox-adoption.ts';
import { Audit1763700008000 } from './1763700008000-audit.ts';
import { LogRetention1763700009000 } from './1763700009000-log-retention.ts';
import { Registry1763700010000 } from './1763700010000-registry.ts';
import { RegistryAssociations1763700011000 } from './1763700011000-registry-associations.ts';
import { RegistryReads1763700012000 } from './1763700012000-registry-reads.ts';
import { RegistryWrites1763700012500 } from './1763700012500-registry-writes.ts';
import { OutboxSchemas1763700013000 } from './1763700013000-outbox-schemas.ts';
import { LogClusters1763700014000 } from './1763700014000-log-clusters.ts';
import { LogClusterLease1763700014100 } from './1763700014100-log-cluster-lease.ts';
import { LogClusterProgress1763700014200 } from './1763700014200-log-cluster-progress.ts';
import { LogClusterRetention1763700014300 } from './1763700014300-log-cluster-retention.ts';
import { LogClusterRequests1763700015000 } from './1763700015000-log-cluster-requests.ts';
import { LogRuns1763700016000 } from './1763700016000-log-runs.ts';
import { LogClusterLag1763700016100 } from './1763700016100-log-cluster-lag.ts';
import { LogMembersWithoutTopics1763700017000 } from './1763700017000-log-members-without-topics.ts';
import { LogStaticMembers1763700017100 } from './1763700017100-log-static-members.ts';
import { LogGroupStartOffsets1763700017200 } from './1763700017200-log-group-start-offsets.ts';
import { InboxHandled1763700018000 } from './1763700018000-inbox-handled.ts';
import { InboxFailures1763700018100 } from './1763700018100-inbox-failures.ts';
import { InboxParking1763700018200 } from './1763700018200-inbox-parking.ts';
import { OutboxForward1763700019000 } from './1763700019000-outbox-forward.ts';
import { InboxAges1763700019200 } from './1763700019200-inbox-ages.ts';

/** All migrations, oldest first. A released one is never changed: a later one corrects it. */
export const MIGRATIONS: readonly (new () => MigrationInterface)[] = [
  OutboxTables1763700000000,
  OutboxPartitions1763700001000,
  OutboxTopics1763700002000,
  OutboxEmit1763700003000,
  OutboxDebezium1763700004000,
  Log1763700005000,
  LogPages1763700005500,
  LogGroups1763700006000,
  OutboxAdoption1763700007000,
  Audit1763700008000,
  LogRetention1763700009000,
  Registry1763700010000,
  RegistryAssociations1763700011000,
  RegistryReads1763700012000,
  RegistryWrites1763700012500,
  OutboxSchemas1763700013000,
  LogClusters1763700014000,
  LogClusterLease1763700014100,
  LogClusterProgress1763700014200,
  LogClusterRetention1763700014300,
  LogClusterRequests1763700015000,
  LogRuns1763700016000,
  LogClusterLag1763700016100,
  LogMembersWithoutTopics1763700017000,
  LogStaticMembers1763700017100,
  LogGroupStartOffsets1763700017200,
  InboxHandled1763700018000,
  InboxFailures1763700018100,
  InboxParking1763700018200,
  OutboxForward1763700019000,
  InboxAges1763700019200,
];
