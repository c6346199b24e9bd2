import type { SchemaSource } from '#libs/codec';
import type { OutboxOptions, TransactionHandle } from '#libs/sdk';
import type { MemoryTransaction } from './memory-transaction.ts';

export interface MemoryHarnessOptions<Tx extends TransactionHandle = MemoryTransaction> {
  /** Topics that handlers emit to, or that are to be there before anything is emitted. Others are made by the harness's emit. */
  readonly topics?: readonly string[];
  /** Of each topic; default 3. */
  readonly partitions?: number;
  /** What handlers get as their transaction, made of the one in memory: it needs `query` of that one to emit. Default: that itself. */
  readonly transaction?: (memory: MemoryTransaction) => Tx;
  /** Where the clock begins; default 2030-01-01T00:00:00Z. */
  readonly start?: Date;
  /** Real time that settling may take, ms; default 5,000. */
  readonly settleMs?: number;
  /** Where consumers take schemas from; default: there are none. */
  readonly schemas?: SchemaSource;
  /** For the harness's own emit. */
  readonly outbox?: OutboxOptions;
}
