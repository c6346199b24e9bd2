import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

/** A server that speaks no more of Kafka's protocol than a test wants. */
export interface FakeBroker {
  readonly port: number;
  /** Connections that it was asked for so far. */
  readonly dialled: number;
  close(): Promise<void>;
}

/** Answers ApiVersions with these; every other request as `other` says. Without versions it closes each connection at once. */
export async function fakeBroker(
  versions: readonly (readonly [key: number, min: number, max: number])[] | null,
  other: (socket: Socket, apiKey: number, correlationId: number) => void = (socket) => socket.destroy(),
): Promise<FakeBroker> {
  const sockets = new Set<Socket>();
  let dialled = 0;
  const server: Server = createServer((socket) => {
    dialled++;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    if (versions === null) {
      socket.destroy();
      return;
    }
    socket.on('data', (request) => {
      const [apiKey, correlationId] = [request.readInt16BE(4), request.readInt32BE(8)];
      if (apiKey === 18) socket.write(frame(correlationId, versionsAnswer(versions)));
      else other(socket, apiKey, correlationId);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    get dialled() {
      return dialled;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

export function frame(correlationId: number, body: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeInt32BE(body.length + 4, 0);
  head.writeInt32BE(correlationId, 4);
  return Buffer.concat([head, body]);
}

function versionsAnswer(versions: readonly (readonly [number, number, number])[]): Buffer {
  const body = Buffer.alloc(6 + versions.length * 6);
  body.writeInt32BE(versions.length, 2);
  versions.flat().forEach((value, index) => body.writeInt16BE(value, 6 + index * 2));
  return body;
}
