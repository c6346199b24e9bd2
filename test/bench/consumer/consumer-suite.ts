import type { Measurement } from '../measurement.ts';
import { commitToHandled } from './commit-to-handled.ts';
import { handledPerSecond } from './handled-per-second.ts';

/** Consumers of the SDK on both transports, beside kafkajs and Nest's own Kafka transport. */
export const consumerSuite: readonly Measurement[] = [handledPerSecond, commitToHandled];
