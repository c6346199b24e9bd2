import { startKafka } from '../src/index.ts';

// A test process that is killed while its broker runs: orphan.kafka.test.ts.
const kafka = await startKafka();
const [broker] = kafka.brokers;
console.log(JSON.stringify({ pid: broker!.pid, dataDir: broker!.dataDir }));
