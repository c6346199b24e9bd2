import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { frames, withLength } from './frames.ts';
import type { Action, Frame } from './rule.ts';

/** How long the connection to the broker is kept for its last answers after the client has gone. */
const LAST_ANSWERS_MS = 5_000;

export interface LinkOptions {
  readonly client: Socket;
  readonly broker: number;
  readonly brokerPort: number;
  readonly connection: number;
  readonly judge: (frame: Frame) => Action | undefined;
  /** Delivers a request again, on a connection of its own. */
  readonly repeat: (frame: Frame, times: number, afterMs: number) => void;
}

type Asked = Pick<Frame, 'apiKey' | 'apiVersion' | 'correlationId'>;

/** One client's connection through the proxy. */
export class ProxyLink {
  /** Resolves when both sides are closed; never rejects. */
  readonly closed: Promise<void>;
  readonly #options: LinkOptions;
  readonly #client: Socket;
  readonly #upstream: Socket;
  /** Requests that the broker has and that are not answered yet, oldest first. */
  readonly #unanswered: Asked[] = [];
  readonly #ending = new AbortController();
  readonly #ended = new Promise<void>((resolve) => this.#ending.signal.addEventListener('abort', () => resolve()));
  #drained: (() => void) | undefined;

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#client = options.client;
    this.#upstream = connect({ host: '127.0.0.1', port: options.brokerPort, noDelay: true });
    this.#client.setNoDelay(true);
    // Followed by 'close', which is all that matters here.
    for (const socket of [this.#client, this.#upstream]) socket.on('error', () => undefined);
    this.#upstream.once('close', () => this.cut());
    this.closed = this.#run();
  }

  /** Both sides see their connection closed at once. */
  cut(): void {
    this.#ending.abort();
    this.#client.destroy();
    this.#upstream.destroy();
  }

  async #run(): Promise<void> {
    const requests = this.#pump('request', this.#client).then(() => this.#lastAnswers());
    const responses = this.#pump('response', this.#upstream);
    await Promise.all([requests.finally(() => this.cut()), responses.finally(() => this.cut())]);
  }

  /** Carries one direction until its source ends. */
  async #pump(direction: Frame['direction'], source: Socket): Promise<void> {
    try {
      for await (const bytes of frames(source as AsyncIterable<Buffer>)) {
        const frame = direction === 'request' ? this.#request(bytes) : this.#response(bytes);
        if (!(await this.#pass(frame))) return;
      }
    } catch (error) {
      // A connection that is reset ends like one that is closed; anything else is a mistake of ours or of a rule.
      if (!isConnectionError(error) && !this.#ending.signal.aborted) throw error;
    }
  }

  /** False when the connection has been cut. */
  async #pass(frame: Frame): Promise<boolean> {
    const action = this.#options.judge(frame);
    if (action === 'cut') {
      this.cut();
      return false;
    }
    if (action === 'swallow') return true;
    if (typeof action === 'object' && 'answer' in action) {
      await this.#write(this.#client, action.answer);
      return true;
    }
    if (typeof action === 'object' && 'delayMs' in action) await this.#unlessEnding(pause(action.delayMs));
    if (typeof action === 'object' && 'until' in action) await this.#unlessEnding(action.until);
    await this.#deliver(frame);
    if (typeof action === 'object' && 'repeat' in action)
      this.#options.repeat(frame, action.repeat, action.afterMs ?? 0);
    return !this.#ending.signal.aborted;
  }

  async #unlessEnding(awaited: Promise<unknown>): Promise<void> {
    await Promise.race([awaited, this.#ended]);
  }

  async #deliver(frame: Frame): Promise<void> {
    const target = frame.direction === 'request' ? this.#upstream : this.#client;
    if (frame.direction === 'request') this.#unanswered.push(frame);
    await this.#write(target, frame.bytes);
    if (frame.direction === 'response' && this.#unanswered.length === 0) this.#drained?.();
  }

  async #write(target: Socket, bytes: Buffer): Promise<void> {
    if (!target.destroyed && !target.write(withLength(bytes))) await roomIn(target);
  }

  #request(bytes: Buffer): Frame {
    const { broker, connection } = this.#options;
    return {
      direction: 'request',
      broker,
      connection,
      apiKey: bytes.readInt16BE(0),
      apiVersion: bytes.readInt16BE(2),
      correlationId: bytes.readInt32BE(4),
      bytes,
    };
  }

  #response(bytes: Buffer): Frame {
    const { broker, connection } = this.#options;
    const correlationId = bytes.readInt32BE(0);
    // A broker answers a connection's requests in their order, and some (acks=0) not at all.
    const index = this.#unanswered.findIndex((asked) => asked.correlationId === correlationId);
    const asked = this.#unanswered.splice(0, index + 1).at(-1);
    if (asked === undefined) throw new Error(`broker ${broker} answers ${correlationId}, which nobody asked`);
    const { apiKey, apiVersion } = asked;
    return { direction: 'response', broker, connection, apiKey, apiVersion, correlationId, bytes };
  }

  /** The client has gone; what it had asked is still answered, to nobody. */
  async #lastAnswers(): Promise<void> {
    if (this.#unanswered.length === 0 || this.#ending.signal.aborted) return;
    const drained = new Promise<void>((resolve) => (this.#drained = resolve));
    const bound = pause(LAST_ANSWERS_MS, undefined, { signal: this.#ending.signal, ref: false }).catch(() => undefined);
    await Promise.race([drained, bound]);
  }
}

/** Resolves when the socket takes more, or nothing any more. */
function roomIn(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      socket.off('drain', done).off('close', done);
      resolve();
    };
    socket.on('drain', done).on('close', done);
  });
}

function isConnectionError(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  return /^(ECONN|EPIPE|ERR_STREAM_PREMATURE_CLOSE|ETIMEDOUT)/.test(code);
}
