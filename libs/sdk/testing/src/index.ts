export { databaseHarness, type DatabaseHarnessOptions } from './database/database-harness.ts';
export { type FreshDatabase, freshDatabase, type FreshDatabaseOptions } from './database/fresh-database.ts';
export type { ConsumerHarness, DeadLetter, HarnessConsumerOptions } from './harness.ts';
export { memoryHarness } from './memory/memory-harness.ts';
export type { MemoryHarnessOptions } from './memory/memory-harness-options.ts';
export { MemoryTransaction } from './memory/memory-transaction.ts';
