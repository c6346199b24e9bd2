import { connect } from 'node:net';
import type pg from 'pg';

/** Length of the message, then the number that stands where a protocol version would be. */
const HEAD = [16, 80_877_102] as const;

/** What `pg` keeps of a backend, and does not declare. */
interface Backend {
  readonly host: string;
  readonly port: number;
  readonly processID: number | null;
  readonly secretKey: number | null;
}

/**
 * Asks the server to cancel the statement that a connection waits for. In the way of the wire protocol, by the secret of the
 * connection, and not with pg_cancel_backend: behind a pooler the process id is not that of a backend, and the function
 * would need a connection of its own where there may be none left. Resolves when the server has taken the request, or has
 * not within `timeoutMs`; never rejects, since the server answers nothing and the caller has to look for the effect anyway.
 */
export function requestCancel(client: pg.ClientBase, timeoutMs: number): Promise<void> {
  const { host, port, processID, secretKey } = client as unknown as Backend;
  if (processID === null || secretKey === null) return Promise.resolve();
  const message = Buffer.alloc(HEAD[0]);
  [...HEAD, processID, secretKey].forEach((word, index) => message.writeInt32BE(word, index * 4));
  return new Promise((resolve) => {
    const socket = host.startsWith('/') ? connect(`${host}/.s.PGSQL.${port}`) : connect(port, host);
    socket.setTimeout(timeoutMs, () => socket.destroy());
    socket.on('error', () => undefined);
    socket.on('close', () => resolve());
    // The server closes the connection once it has passed the request on; without a reader the end would not be seen.
    socket.resume();
    socket.end(message);
  });
}
