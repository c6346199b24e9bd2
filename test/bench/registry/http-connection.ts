import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

const HEAD_END = Buffer.from('\r\n\r\n');

export interface Answer {
  readonly status: number;
  readonly body: Buffer;
}

/**
 * One kept-alive HTTP/1.1 connection with one request at a time, and no more work per answer than finding its end: what
 * asks must not cost more than what answers. Answers need a Content-Length.
 */
export class HttpConnection {
  readonly #socket: Socket;
  #received: Buffer = Buffer.alloc(0);
  #take: { resolve: (answer: Answer) => void; reject: (error: Error) => void } | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.#receive(chunk));
    socket.on('error', (error) => this.#take?.reject(error));
    socket.on('close', () => this.#take?.reject(new Error('the server closed the connection')));
  }

  static async open(port: number): Promise<HttpConnection> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    return new HttpConnection(socket);
  }

  /** Sends a whole request, as `requestBytes` makes it, and answers with what came back. */
  send(request: Buffer): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#take = { resolve, reject };
      this.#socket.write(request);
    });
  }

  close(): void {
    this.#take = undefined;
    this.#socket.destroy();
  }

  #receive(chunk: Buffer): void {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    const headEnd = this.#received.indexOf(HEAD_END);
    if (headEnd < 0) return;
    const head = this.#received.toString('latin1', 0, headEnd);
    const length = /\r\ncontent-length: *(\d+)/i.exec(head);
    if (length === null) {
      this.#take?.reject(new Error(`an answer without Content-Length: ${head}`));
      return;
    }
    const end = headEnd + HEAD_END.length + Number(length[1]);
    if (this.#received.length < end) return;
    const answer = { status: Number(head.slice(9, 12)), body: this.#received.subarray(headEnd + HEAD_END.length, end) };
    this.#received = this.#received.subarray(end);
    const take = this.#take;
    this.#take = undefined;
    take?.resolve(answer);
  }
}

/** A request of JSON, or without a body. */
export function requestBytes(method: string, path: string, body?: unknown): Buffer {
  const payload = body === undefined ? '' : JSON.stringify(body);
  const type = body === undefined ? '' : 'Content-Type: application/vnd.schemaregistry.v1+json\r\n';
  return Buffer.from(
    `${method} ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n${type}Content-Length: ${Buffer.byteLength(payload)}\r\n\r\n${payload}`,
  );
}
