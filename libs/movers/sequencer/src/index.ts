export { murmur2, partitionForKey } from './murmur2.ts';
export type { LogSink, OutboxSource, SequencerObserver } from './ports.ts';
export { logSink, outboxSource } from './postgres-ports.ts';
export { advance, planStep, type SequencerLimits, type SequencerState, type StepPlan } from './sequencer.ts';
export { Sequencer, SEQUENCER_DEFAULTS, type SequencerOptions } from './sequencer.loop.ts';
