export { eventually } from './eventually.ts';
export { seededRandom, testSeed } from './seed.ts';
export { createTestDatabase, type TestDatabase } from './test-database.ts';
