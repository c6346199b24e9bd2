import { createServer, type AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { silentLogger } from '#libs/foundation/observability';
import { createAuthenticator, createHttpApp, listen } from '../src/index.ts';

@Module({})
class EmptyModule {}

let app: NestFastifyApplication;
afterEach(() => app.close());

async function newApp(): Promise<NestFastifyApplication> {
  const authenticator = await createAuthenticator({ credentialsFile: undefined, logger: silentLogger });
  return createHttpApp(EmptyModule, { logger: silentLogger, authenticator });
}

test('answers where the app can be reached', async () => {
  app = await newApp();
  const url = await listen(app, { port: 0, portSetting: 'TIDEMARK_RELAY_PORT', address: '127.0.0.1' });
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect((await fetch(url)).status).toBe(404);
});

test('a port in use and a foreign address are named together with their settings', async () => {
  app = await newApp();
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as AddressInfo;
  const at = { portSetting: 'TIDEMARK_RELAY_PORT', address: '127.0.0.1' };
  await expect(listen(app, { ...at, port })).rejects.toMatchObject({
    code: 'PORT_UNAVAILABLE',
    message: `port ${port} (TIDEMARK_RELAY_PORT) is in use by another process`,
  });
  await new Promise((resolve) => other.close(resolve));
  await app.close();
  app = await newApp();
  await expect(listen(app, { ...at, port: 0, address: '192.0.2.1' })).rejects.toMatchObject({
    code: 'PORT_UNAVAILABLE',
    message: '192.0.2.1 (TIDEMARK_BIND) is no address of this machine',
  });
});
