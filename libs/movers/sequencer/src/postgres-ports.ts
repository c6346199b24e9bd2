import type { Queryable } from '#libs/foundation/postgres';
import { acquireLease, commitStep, readHeads, releaseLease, renewLease } from '#libs/stores/log';
import { readHorizon, readPartitionCounts, readPending } from '#libs/stores/outbox';
import type { LogSink, OutboxSource } from './ports.ts';

export function outboxSource(db: Queryable): OutboxSource {
  return {
    horizon: (cursor) => readHorizon(db, cursor),
    pending: (after, upTo, limit) => readPending(db, after, upTo, limit),
    topics: () => readPartitionCounts(db),
  };
}

export function logSink(db: Queryable): LogSink {
  return {
    acquireLease: (holder, info, leaseMs) => acquireLease(db, holder, info, leaseMs),
    renewLease: (term, leaseMs) => renewLease(db, term, leaseMs),
    releaseLease: (term) => releaseLease(db, term),
    heads: () => readHeads(db),
    commit: (step) => commitStep(db, step),
  };
}
