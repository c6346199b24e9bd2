import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { freePort } from '../free-port.ts';
import { RelayProcess } from '../relay-process.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tidemark-relay-process-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function relayOf(script: string, name: string): Promise<{ relay: RelayProcess; port: number }> {
  const port = await freePort(0);
  const env = { PATH: process.env['PATH'], PORT: String(port) };
  const url = `http://127.0.0.1:${port}`;
  return { port, relay: new RelayProcess({ args: ['-e', script], env, url, logFile: join(folder, name) }) };
}

const SERVER = `require('node:http').createServer((_, answer) => answer.end()).listen(process.env.PORT, '127.0.0.1');`;

test('a relay that ends at its start is reported with what it printed', async () => {
  const { relay } = await relayOf(`console.error('no database'); process.exit(3)`, 'ends.log');
  await expect(relay.start()).rejects.toThrow(/the relay ended at its start; it printed:\nno database/);
});

test('a relay is killed without having a say, and can be started again', async () => {
  const { relay } = await relayOf(`process.on('SIGTERM', () => undefined); ${SERVER}`, 'killed.log');
  await relay.start();
  const first = relay.pid!;
  await relay.kill();
  expect(() => process.kill(first, 0)).toThrow(/ESRCH/);
  await relay.start();
  expect(relay.pid).not.toBe(first);
  // It ignores SIGTERM, so it is killed after the deadline.
  await relay.stop(50);
  expect(() => process.kill(relay.pid!, 0)).toThrow(/ESRCH/);
});

test('a port that is in use is passed over', async () => {
  const { relay, port } = await relayOf(SERVER, 'port.log');
  await relay.start();
  expect(await freePort(port)).not.toBe(port);
  await relay.stop(5_000);
  expect(await freePort(port)).toBe(port);
});
