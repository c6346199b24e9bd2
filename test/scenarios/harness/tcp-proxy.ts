import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { ProxyConnection } from './proxy-connection.ts';

interface Snare {
  readonly fragment: string;
  readonly caught: (connection: ProxyConnection) => void;
}

/**
 * Stands between a process and Postgres, and lets a test break their connections at chosen points: at a statement that is
 * known by a part of its text, before or after the server has worked on it.
 */
export class TcpProxy {
  readonly #server: Server;
  readonly #connections = new Set<ProxyConnection>();
  readonly #silenced = new Set<ProxyConnection>();
  readonly #snares: Snare[] = [];
  readonly #databaseUrl: string;

  private constructor(databaseUrl: string) {
    this.#databaseUrl = databaseUrl;
    const { hostname, port } = new URL(databaseUrl);
    const upstream = { host: hostname, port: port === '' ? 5432 : Number(port) };
    this.#server = createServer((socket) => {
      const connection: ProxyConnection = new ProxyConnection(
        socket,
        upstream,
        (request) => this.#inspect(request, connection),
        () => this.#connections.delete(connection),
      );
      this.#connections.add(connection);
    });
  }

  static async start(databaseUrl: string): Promise<TcpProxy> {
    const proxy = new TcpProxy(databaseUrl);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  /** The database's URL by way of the proxy. */
  get url(): string {
    const url = new URL(this.#databaseUrl);
    url.hostname = '127.0.0.1';
    url.port = String((this.#server.address() as AddressInfo).port);
    return url.toString();
  }

  /** Keeps back the next request that contains the text; the test then says what becomes of it. */
  catchNext(fragment: string): Promise<ProxyConnection> {
    return new Promise((caught) => this.#snares.push({ fragment, caught }));
  }

  /** Silences the connections there are; new ones work. */
  silenceAll(): void {
    for (const connection of this.#connections) {
      connection.silence();
      this.#silenced.add(connection);
    }
  }

  cutAll(): void {
    for (const connection of this.#connections) connection.cut();
  }

  async stop(): Promise<void> {
    this.#server.close();
    for (const connection of [...this.#connections, ...this.#silenced]) connection.destroy();
    await once(this.#server, 'close');
  }

  #inspect(request: Buffer, connection: ProxyConnection): boolean {
    const index = this.#snares.findIndex((snare) => request.includes(snare.fragment));
    if (index < 0) return false;
    // Silenced ones too: they keep a connection to the server open after their client has gone.
    this.#silenced.add(connection);
    for (const snare of this.#snares.splice(index, 1)) snare.caught(connection);
    return true;
  }
}
