import process from 'node:process';
import { runWorker } from './groups-worker.ts';

// A worker in a process of its own, to be killed. Arguments: url, group, topic, name.
const [url, group, topic, name] = process.argv.slice(2) as [string, string, string, string];
const stop = new AbortController();
process.once('SIGTERM', () => stop.abort());
await runWorker({ url, group, topic, name, signal: stop.signal });
