import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

/**
 * Below the range from which systems take the ports of outgoing connections, so that nobody can have taken the port of a
 * broker that is down and comes back.
 */
const FIRST = 15_000;
const LAST = 32_000;
const ATTEMPTS = 1_000;
const taken = new Set<number>();

/** Ports on 127.0.0.1 on which nobody listens; this process gets none of them twice. */
export async function freePorts(count: number): Promise<number[]> {
  const found: number[] = [];
  for (let attempt = 0; attempt < ATTEMPTS && found.length < count; attempt += 1) {
    const port = FIRST + Math.trunc(Math.random() * (LAST - FIRST));
    if (taken.has(port) || !(await isFree(port))) continue;
    taken.add(port);
    found.push(port);
  }
  if (found.length < count) throw new Error(`no ${count} free ports between ${FIRST} and ${LAST}`);
  return found;
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen({ host: '127.0.0.1', port, exclusive: true });
    await once(server, 'listening');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return false;
    throw error;
  }
  const { port: bound } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return bound === port;
}
