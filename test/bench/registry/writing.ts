import type { Finding } from '../finding.ts';
import type { Bench, Measurement } from '../measurement.ts';
import { perSecond } from '../rounds.ts';
import { median, percentile } from '../statistics.ts';
import { type ChildServer, startChildServer } from './child-server.ts';
import { HttpConnection, requestBytes } from './http-connection.ts';
import { runLoad } from './http-load.ts';
import { orderSchema } from './schema-texts.ts';

const CONNECTIONS = 16;
const REGISTRATIONS = 1_000;
const WARM_UP = 500;
const VERSIONS = 100;

/** Registrations, lookups and checks per second, with their latency. Each registration is checked against the version before. */
export const writing: Measurement = {
  name: 'write',
  run: async (bench, found) => {
    for (const subjects of [1, 8, 64]) found(await registrations(bench, subjects));
    const database = await bench.server.createDatabase();
    const registry = await startChildServer('registry.child.ts', [database.url]);
    await fillSubject(registry, VERSIONS);
    const again = { schema: orderSchema('Order', VERSIONS / 2) };
    const lookUp = requestBytes('POST', '/subjects/orders', again);
    found(await timed(bench, registry, `look up a schema among ${VERSIONS} versions`, lookUp));
    const register = requestBytes('POST', '/subjects/orders/versions', again);
    found(await timed(bench, registry, 'register what is registered already', register));
    const candidate = { schema: orderSchema('Order', VERSIONS + 1) };
    const check = requestBytes('POST', '/compatibility/subjects/orders/versions?verbose=true', candidate);
    found(await timed(bench, registry, `check compatibility with ${VERSIONS} versions`, check));
    await registry.stop();
    await database.drop();
  },
};

/** Requests that register `count` schemas, one subject after the other. */
function registering(name: string, count: number, subjects: number): () => Buffer | undefined {
  let sent = 0;
  return () => {
    if (sent === count) return undefined;
    const subject = sent % subjects;
    sent += 1;
    const schema = orderSchema(`Order${subject}`, Math.ceil(sent / subjects));
    return requestBytes('POST', `/subjects/${name}-${subject}/versions`, { schema });
  };
}

async function registrations(bench: Bench, subjects: number): Promise<Finding> {
  const rates: number[] = [];
  const latencies: number[] = [];
  for (let round = 0; round < Math.min(3, bench.options.rounds); round += 1) {
    const database = await bench.server.createDatabase();
    const registry = await startChildServer('registry.child.ts', [database.url]);
    const port = registry.port;
    // The plans of ten sessions and the compiled code are those of a service that has run for some seconds.
    await runLoad({ port, connections: CONNECTIONS, next: registering('warm', WARM_UP, subjects) });
    const run = await runLoad({ port, connections: CONNECTIONS, next: registering('order', REGISTRATIONS, subjects) });
    rates.push((run.units / run.ms) * 1_000);
    latencies.push(...run.latencies);
    await registry.stop();
    await database.drop();
  }
  return {
    row: 'R',
    what: `register ${REGISTRATIONS.toLocaleString('en')} schemas over ${subjects} subjects, ${CONNECTIONS} connections`,
    measured: `${perSecond(median(rates), 'registrations')}, p50 ${percentile(latencies, 0.5).toFixed(1)} ms, p99 ${percentile(latencies, 0.99).toFixed(1)} ms`,
    floor: '',
    target: '>= 500/s',
    met: median(rates) >= 500,
    details: { rates },
  };
}

async function fillSubject(registry: ChildServer, versions: number): Promise<void> {
  const connection = await HttpConnection.open(registry.port);
  await connection.send(requestBytes('PUT', '/config/orders', { compatibility: 'FULL_TRANSITIVE' }));
  for (let version = 1; version <= versions; version += 1) {
    const body = { schema: orderSchema('Order', version) };
    const answer = await connection.send(requestBytes('POST', '/subjects/orders/versions', body));
    if (answer.status !== 200) throw new Error(`version ${version}: ${answer.body.toString()}`);
  }
  connection.close();
}

async function timed(bench: Bench, registry: ChildServer, what: string, request: Buffer): Promise<Finding> {
  const ms = bench.options.seconds * 1_000;
  await runLoad({ port: registry.port, connections: 1, ms: ms / 3, next: () => request });
  const run = await runLoad({ port: registry.port, connections: CONNECTIONS, ms, next: () => request });
  const [p50, p99] = [0.5, 0.99].map((share) => percentile(run.latencies, share).toFixed(1));
  return {
    row: 'R',
    what: `${what}, ${CONNECTIONS} connections`,
    measured: `${perSecond((run.units / run.ms) * 1_000, 'requests')}, p50 ${p50} ms, p99 ${p99} ms`,
    floor: '',
    target: '',
    details: {},
  };
}
