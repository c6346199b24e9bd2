import { consumerDatabase, type DatabaseHandle, type OutboxOptions, type TransactionOf } from '#libs/sdk';
import { Activity } from '../activity.ts';
import type { ConsumerHarness } from '../harness.ts';
import { TestHarness } from '../test-harness.ts';
import { TestTime } from '../test-time.ts';
import { DatabaseWorld } from './database-world.ts';

export interface DatabaseHarnessOptions<Handle extends DatabaseHandle> {
  /** A migrated database that nobody else uses meanwhile (see freshDatabase): a pool, a DataSource or a URL. */
  readonly database: Handle;
  /** As that of createConsumer. */
  readonly url?: string;
  /** Where the consumers' clock begins; default now. Postgres keeps its own, to which due times must not be in the past. */
  readonly start?: Date;
  /** Real time that settling may take, ms; default 10,000. */
  readonly settleMs?: number;
  /** For the harness's own emit. */
  readonly outbox?: OutboxOptions;
  /** Told about failures that are tried again; default: nothing. */
  readonly onError?: (error: unknown) => void;
}

/** The harness on Postgres: what handlers write is really there, and so are outbox, inbox and topics. It sequences by itself. */
export function databaseHarness<Handle extends DatabaseHandle>(
  options: DatabaseHarnessOptions<Handle>,
): ConsumerHarness<TransactionOf<Handle>> {
  const { url, start = new Date(), settleMs = 10_000, outbox, onError = () => undefined } = options;
  const database = consumerDatabase(options.database, { url, poolMax: 5, onError });
  const parts = { time: new TestTime(start), activity: new Activity(), settleMs, outbox };
  return new TestHarness({ ...parts, world: new DatabaseWorld(database, onError) });
}
