import type { TransactionHandle } from '#libs/sdk';
import { Activity } from '../activity.ts';
import type { ConsumerHarness } from '../harness.ts';
import { TestHarness } from '../test-harness.ts';
import { START, TestTime } from '../test-time.ts';
import type { MemoryHarnessOptions } from './memory-harness-options.ts';
import type { MemoryTransaction } from './memory-transaction.ts';
import { MemoryWorld } from './memory-world.ts';

/** A harness without a server: topics, inbox and transactions are in memory, and each group has one consumer. */
export function memoryHarness<Tx extends TransactionHandle = MemoryTransaction>(
  options: MemoryHarnessOptions<Tx> = {},
): ConsumerHarness<Tx> {
  const { start = START, settleMs, outbox } = options;
  const time = new TestTime(start);
  const activity = new Activity();
  return new TestHarness({ world: new MemoryWorld<Tx>(options, time, activity), time, activity, settleMs, outbox });
}
