import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { TidemarkError } from '#libs/foundation/kernel';
import { openLink } from '../src/connection/link.ts';
import type { KafkaConnectionSettings, TlsSettings } from '../src/index.ts';

let server: Server | undefined;
afterEach(async () => {
  await new Promise((resolve) => (server === undefined ? resolve(undefined) : server.close(resolve)));
  server = undefined;
});

/** Takes the first message of each connection and hangs up. The name that a client asks for stands in it as it is. */
async function hangingUp(): Promise<{ port: number; hellos: string[] }> {
  const hellos: string[] = [];
  server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', (hello) => {
      hellos.push(hello.toString('latin1'));
      socket.destroy();
    });
  });
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, hellos };
}

const settings = (tls: () => Promise<TlsSettings>): KafkaConnectionSettings => ({
  bootstrap: [],
  clientId: 'test',
  tls,
  connectTimeoutMs: 5_000,
  requestTimeoutMs: 5_000,
});

const open = (host: string, port: number, tls: () => Promise<TlsSettings>) =>
  openLink({ host, port }, settings(tls), new AbortController().signal);

test('TLS material is asked for at each connection, and the server name is sent', async () => {
  const { port, hellos } = await hangingUp();
  const names = ['first.example', undefined];
  let asked = 0;
  const tls = async (): Promise<TlsSettings> => {
    const serverName = names[asked];
    asked += 1;
    return { verify: true, ...(serverName === undefined ? {} : { serverName }) };
  };
  await expect(open('localhost', port, tls)).rejects.toThrow();
  await expect(open('localhost', port, tls)).rejects.toThrow();
  expect(asked).toBe(2);
  expect(hellos).toEqual([expect.stringContaining('first.example'), expect.stringContaining('localhost')]);
  expect(hellos[0]).not.toContain('localhost');
});

test('an address is no server name', async () => {
  const { port, hellos } = await hangingUp();
  await expect(open('127.0.0.1', port, async () => ({ verify: true }))).rejects.toThrow();
  expect(hellos).toEqual([expect.not.stringContaining('127.0.0.1')]);
});

test('material that cannot be read is told, and nothing is dialled', async () => {
  const { port, hellos } = await hangingUp();
  const missing = new TidemarkError('SECRET_UNAVAILABLE', 'clusters.eu.tls.caFile: cannot read ca.pem');
  await expect(open('localhost', port, () => Promise.reject(missing))).rejects.toBe(missing);
  expect(hellos).toEqual([]);
});
