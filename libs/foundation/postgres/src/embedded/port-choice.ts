import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { embeddedFailure } from './embedded-failure.ts';

/** Unlike 5432 rarely taken, and recognisable in a connection string. */
export const PREFERRED_PORT = 54_329;

export interface PortWish {
  /** The port that the user asked for: this one or none. */
  readonly asked: number | undefined;
  /** The port of the last start: nice to have again. */
  readonly remembered: number | undefined;
  /** Ports that have just turned out to be taken. */
  readonly refused: ReadonlySet<number>;
}

/** Ports to try in this order; 0 stands for any free one. Empty when the only acceptable one was refused. */
export function portsToTry(wish: PortWish): number[] {
  if (wish.asked !== undefined) return [wish.asked].filter((port) => !wish.refused.has(port));
  const wanted = wish.remembered === undefined ? [PREFERRED_PORT] : [wish.remembered, PREFERRED_PORT];
  return [...new Set(wanted.filter((port) => !wish.refused.has(port))), 0];
}

/** The first free one of `portsToTry` on 127.0.0.1. Throws EMBEDDED_POSTGRES_FAILED when the port that was asked for is not free. */
export async function choosePort(wish: PortWish): Promise<number> {
  for (const candidate of portsToTry(wish)) {
    const port = await tryPort(candidate);
    if (port !== undefined) return port;
  }
  throw portTaken(wish.asked ?? 0);
}

/** The port, a number for 0, or undefined when it is in use. Closed again at once: Postgres may still find it taken. */
async function tryPort(port: number): Promise<number | undefined> {
  const server = createServer();
  try {
    server.listen({ host: '127.0.0.1', port, exclusive: true });
    await once(server, 'listening');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return undefined;
    throw embeddedFailure(`port ${port} on 127.0.0.1 cannot be used: ${(error as Error).message}`, { cause: error });
  }
  const { port: chosen } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return chosen;
}

function portTaken(port: number): Error {
  return embeddedFailure(`port ${port} on 127.0.0.1 is in use by another program`, {
    remedy: `Ask for another port, or for none so that a free one is chosen; or end that program (ss -ltnp 'sport = :${port}' names it).`,
  });
}
