export { dumpSchema } from './dump-schema.ts';
export { eventually } from './eventually.ts';
export { seededRandom, testSeed } from './seed.ts';
export { smallPartitions } from './small-partitions.ts';
export { createTestDatabase, type TestDatabase } from './test-database.ts';
