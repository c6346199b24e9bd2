import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { freePort } from '../free-port.ts';
import { ServiceProcess } from '../service-process.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tidemark-service-process-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function serviceOf(script: string, name: string): Promise<{ service: ServiceProcess; port: number }> {
  const port = await freePort(0);
  const env = { PATH: process.env['PATH'], PORT: String(port) };
  const url = `http://127.0.0.1:${port}`;
  return {
    port,
    service: new ServiceProcess({ name: 'relay', args: ['-e', script], env, url, logFile: join(folder, name) }),
  };
}

const SERVER = `require('node:http').createServer((_, answer) => answer.end()).listen(process.env.PORT, '127.0.0.1');`;

test('a service that ends at its start is reported with what it printed', async () => {
  const { service } = await serviceOf(`console.error('no database'); process.exit(3)`, 'ends.log');
  await expect(service.start()).rejects.toThrow(/the relay ended at its start; it printed:\nno database/);
});

test('a service is killed without having a say, and can be started again', async () => {
  const { service } = await serviceOf(`process.on('SIGTERM', () => undefined); ${SERVER}`, 'killed.log');
  await service.start();
  const first = service.pid!;
  await service.kill();
  expect(() => process.kill(first, 0)).toThrow(/ESRCH/);
  await service.start();
  expect(service.pid).not.toBe(first);
  // It ignores SIGTERM, so it is killed after the deadline.
  await service.stop(50);
  expect(() => process.kill(service.pid!, 0)).toThrow(/ESRCH/);
});

test('a port that is in use is passed over', async () => {
  const { service, port } = await serviceOf(SERVER, 'port.log');
  await service.start();
  expect(await freePort(port)).not.toBe(port);
  await service.stop(5_000);
  expect(await freePort(port)).toBe(port);
});
