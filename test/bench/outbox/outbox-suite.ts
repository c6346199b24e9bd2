import type { Measurement } from '../measurement.ts';
import { backlog } from './backlog.ts';
import { businessTransaction } from './business-transaction.ts';
import { commitToReadable } from './commit-to-readable.ts';
import { readTopic } from './read-topic.ts';
import { relayMemory } from './relay-memory.ts';
import { withHistory } from './with-history.ts';

export const outboxSuite: readonly Measurement[] = [
  businessTransaction,
  backlog,
  readTopic,
  commitToReadable,
  withHistory,
  relayMemory,
];
