// Runs the scenarios, those on Kafka too, with many more rounds of what is random in them, for hours rather than seconds.
// Each prints its seed: SEED=<number> npm run test:soak -- <file> runs that one again. Arguments go to jest.
process.env['TIDEMARK_SOAK'] = '1';
process.argv.splice(2, 0, '--selectProjects', 'scenarios', 'kafka', '--runInBand', '--');
await import('./run-tests/main.ts');
