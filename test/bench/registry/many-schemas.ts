import type { Bench, Measurement } from '../measurement.ts';
import { perSecond } from '../rounds.ts';
import { median, percentile } from '../statistics.ts';
import { startChildServer } from './child-server.ts';
import { requestBytes } from './http-connection.ts';
import { runLoad } from './http-load.ts';
import { orderSchema } from './schema-texts.ts';

const FEW = 100;
const MANY = 100_000;
const CONNECTIONS = 16;
const STARTS = 5;
const MB = 1e6;

/** What a start, and memory, have to do with the number of schemas: start-up with few and with many, memory after reading all. */
export const manySchemas: Measurement = {
  name: 'many',
  run: async (bench, found) => {
    const few = await startsWith(bench, FEW);
    const many = await startsWith(bench, MANY);
    const ratio = few.startMs / many.startMs;
    found({
      row: 'S',
      what: `start of a registry with ${MANY.toLocaleString('en')} schemas, against ${FEW}`,
      measured: `${Math.round(many.startMs)} ms`,
      floor: `${Math.round(few.startMs)} ms`,
      ratio: { median: ratio, min: ratio, max: ratio },
      target: '>= 0.9',
      met: ratio >= 0.9,
      details: { few, many },
    });
    found({
      row: 'S',
      what: `memory after each of ${MANY.toLocaleString('en')} schemas was read`,
      measured: `RSS ${Math.round(many.readBytes / MB)} MB (${Math.round(many.startBytes / MB)} MB after the start), ${perSecond(many.readsPerSecond, 'first reads')}, p99 ${many.readP99.toFixed(1)} ms`,
      floor: `RSS ${Math.round(few.readBytes / MB)} MB with ${FEW}`,
      target: '',
      details: { few, many },
    });
  },
};

async function startsWith(
  bench: Bench,
  schemas: number,
): Promise<{ startMs: number; startBytes: number; readBytes: number; readsPerSecond: number; readP99: number }> {
  bench.progress(`  registering ${schemas} schemas`);
  const database = await bench.server.createDatabase();
  const filler = await startChildServer('registry.child.ts', [database.url]);
  let sent = 0;
  const register = (): Buffer | undefined => {
    if (sent === schemas) return undefined;
    sent += 1;
    return requestBytes('POST', `/subjects/order-${sent}/versions`, { schema: orderSchema(`Order${sent}`, 1) });
  };
  await runLoad({ port: filler.port, connections: CONNECTIONS, next: register });
  await filler.stop();
  const starts: number[] = [];
  for (let start = 0; start < STARTS; start += 1) {
    const registry = await startChildServer('registry.child.ts', [database.url]);
    starts.push(registry.startMs);
    await registry.stop();
  }
  const registry = await startChildServer('registry.child.ts', [database.url]);
  const startBytes = registry.residentBytes();
  let read = 0;
  const next = (): Buffer | undefined =>
    read === schemas ? undefined : requestBytes('GET', `/schemas/ids/${(read += 1)}`);
  const run = await runLoad({ port: registry.port, connections: CONNECTIONS, next });
  const readBytes = registry.residentBytes();
  await registry.stop();
  await database.drop();
  const readsPerSecond = (run.units / run.ms) * 1_000;
  return { startMs: median(starts), startBytes, readBytes, readsPerSecond, readP99: percentile(run.latencies, 0.99) };
}
