export { murmur2, partitionForKey } from './murmur2.ts';
export type { LogSink, OutboxSource, SequencerObserver } from './ports.ts';
export { logSink, outboxSource } from './postgres-ports.ts';
export { advance, planStep, type SequencerLimits, type SequencerState, type StepPlan } from './sequencer.ts';
export { Sequencer, SEQUENCER_DEFAULTS, type SequencerOptions } from './sequencer.loop.ts';
export { type KeepReason, type PartitionVerdict } from './retention/partition-verdict.ts';
export {
  MAINTENANCE_DEFAULTS,
  type MaintenanceOptions,
  type MaintenanceReport,
  PartitionMaintenance,
} from './retention/partition-maintenance.ts';
export { retentionStore } from './retention/postgres/postgres-retention-store.ts';
export type { RetentionStore } from './retention/retention-store.ts';
