import { connect, type Socket } from 'node:net';
import { FrontendRequests } from './frontend-requests.ts';

/** Decides about a request: true keeps it back, and everything that follows it on its connection. */
export type Inspect = (request: Buffer, connection: ProxyConnection) => boolean;

/** One client of the proxy and its connection to the server. */
export class ProxyConnection {
  readonly #client: Socket;
  readonly #server: Socket;
  readonly #requests = new FrontendRequests();
  readonly #inspect: Inspect;
  readonly #kept: Buffer[] = [];
  #silent = false;
  #onAnswer: (() => void) | undefined;

  constructor(client: Socket, upstream: { host: string; port: number }, inspect: Inspect, onEnd: () => void) {
    this.#client = client;
    this.#inspect = inspect;
    this.#server = connect({ ...upstream, noDelay: true });
    client.setNoDelay(true);
    client.on('data', (chunk: Buffer) => this.#fromClient(chunk));
    this.#server.on('data', (chunk: Buffer) => this.#fromServer(chunk));
    // An error is followed by 'close'; what was lost is for the two ends to find out.
    for (const socket of [client, this.#server]) socket.on('error', () => undefined);
    client.on('close', () => {
      // A server that is still to answer does so to a client that is gone.
      if (!this.#silent && this.#onAnswer === undefined) this.#server.destroy();
      onEnd();
    });
    this.#server.on('close', () => {
      if (!this.#silent) client.destroy();
    });
  }

  /** Both ends see their connection reset; what the server has received it goes on with. */
  cut(): void {
    this.#client.resetAndDestroy();
    this.#server.destroy();
  }

  /** From now on nothing arrives at either end, and neither end is told: as if the network between them were gone. */
  silence(): void {
    this.#silent = true;
  }

  /** Passes on the request that was kept back, and what came after it. */
  release(): void {
    for (const request of this.#kept.splice(0)) this.#server.write(request);
  }

  /** Passes it on without its last `bytes`, and nothing afterwards. */
  releaseAllBut(bytes: number): void {
    const request = Buffer.concat(this.#kept.splice(0));
    this.#server.write(request.subarray(0, request.length - bytes));
    this.silence();
  }

  /** Passes it on; resolves when the server has answered. The client gets no answer: its connection is cut then. */
  releaseAndCutBeforeAnswer(): Promise<void> {
    const answered = new Promise<void>((resolve) => (this.#onAnswer = resolve));
    this.release();
    return answered;
  }

  #fromClient(chunk: Buffer): void {
    for (const request of this.#requests.push(chunk)) {
      if (this.#kept.length > 0 || this.#inspect(request, this)) this.#kept.push(request);
      else if (!this.#silent) this.#server.write(request);
    }
  }

  #fromServer(chunk: Buffer): void {
    if (this.#onAnswer !== undefined) {
      this.cut();
      this.#onAnswer();
      this.#onAnswer = undefined;
    } else if (!this.#silent) this.#client.write(chunk);
  }

  /** Closes what is left of a silent connection. */
  destroy(): void {
    this.#client.destroy();
    this.#server.destroy();
  }
}
