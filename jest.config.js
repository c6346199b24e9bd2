// `unit` needs no server, `db` tests SQL on a real Postgres, `scenarios` drives whole flows and processes, `kafka` has real
// brokers. Run through npm (tools/run-tests/main.ts), which provides the Postgres server that the last three need; `npm test`
// leaves out `kafka`, which is `npm run test:kafka`.
const shared = {
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts'],
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
};

export default {
  testTimeout: 60_000,
  reporters: ['default', '<rootDir>/tools/run-tests/progress-reporter.ts'],
  projects: [
    { ...shared, displayName: 'unit', testMatch: ['**/*.unit.test.ts', '**/*.prop.test.ts'] },
    { ...shared, displayName: 'db', testMatch: ['**/*.db.test.ts'] },
    {
      ...shared,
      displayName: 'scenarios',
      testMatch: ['<rootDir>/test/scenarios/**/*.test.ts', '!**/*.kafka.test.ts'],
    },
    {
      ...shared,
      displayName: 'kafka',
      testMatch: ['**/*.kafka.test.ts'],
      globalSetup: '<rootDir>/libs/foundation/testing-kafka/src/fetch-before-tests.ts',
    },
  ],
};
