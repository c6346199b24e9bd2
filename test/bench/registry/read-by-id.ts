import type { Measurement } from '../measurement.ts';
import { compare } from '../rounds.ts';
import { percentile } from '../statistics.ts';
import { startChildServer } from './child-server.ts';
import { HttpConnection, requestBytes } from './http-connection.ts';
import { runLoad } from './http-load.ts';
import { orderSchema } from './schema-texts.ts';

const CONNECTIONS = 32;
const SCHEMAS = 1_000;
const TURNS = 8;

/** Row 5: reading a schema by its id, over Fastify answering a stored buffer of that size. */
export const readById: Measurement = {
  name: 'read',
  run: async (bench, found) => {
    const database = await bench.server.createDatabase();
    const registry = await startChildServer('registry.child.ts', [database.url]);
    const ids = await registerMany(registry.port, SCHEMAS);
    const body = await answerOf(registry.port, `/schemas/ids/${ids[0]}`);
    const floor = await startChildServer('stored-buffer.child.ts', [], body);
    const requests = ids.map((id) => requestBytes('GET', `/schemas/ids/${id}`));
    const ms = (bench.options.seconds * 1_000) / TURNS;
    const latencies: number[] = [];
    const load = (port: number) => {
      let turn = 0;
      return runLoad({ port, connections: CONNECTIONS, ms, next: () => requests[(turn += 1) % requests.length] });
    };
    const finding = await compare({
      row: '5',
      what: `read a schema by id, ${CONNECTIONS} connections, ${SCHEMAS.toLocaleString('en')} schemas of ${body.length} bytes`,
      unit: 'reads',
      rounds: bench.options.rounds,
      turns: TURNS,
      measured: async () => {
        const run = await load(registry.port);
        latencies.push(...run.latencies);
        return run;
      },
      floor: () => load(floor.port),
      atLeast: 0.7,
      serverPid: bench.server.pid,
    });
    found({ ...finding, measured: `${finding.measured}, p99 ${percentile(latencies, 0.99).toFixed(1)} ms` });
    await registry.stop();
    await floor.stop();
    await database.drop();
  },
};

async function registerMany(port: number, count: number): Promise<number[]> {
  const connection = await HttpConnection.open(port);
  const ids: number[] = [];
  for (let number = 0; number < count; number += 1) {
    const body = { schema: orderSchema(`Order${number}`, 1) };
    const answer = await connection.send(requestBytes('POST', `/subjects/order-${number}/versions`, body));
    ids.push((JSON.parse(answer.body.toString()) as { id: number }).id);
  }
  connection.close();
  return ids;
}

async function answerOf(port: number, path: string): Promise<string> {
  const connection = await HttpConnection.open(port);
  const answer = await connection.send(requestBytes('GET', path));
  connection.close();
  return answer.body.toString();
}
