import { types } from 'node:util';
import { systemSleep } from '#libs/foundation/lifecycle';

/** Between two tries to connect. */
const RETRY_MS = 20;

/** A record as the relay's API shows it, as far as the scenarios look at it. */
export interface TailedRecord {
  readonly partition: number;
  readonly offset: string;
  readonly position: string;
  readonly messageId: string;
}

/**
 * Follows a topic as a browser's EventSource does: over server-sent events, with Last-Event-ID after each loss of the
 * connection. Whoever it asks may be gone and come back.
 */
export class TailClient {
  readonly records: TailedRecord[] = [];
  /** Connections that were opened and answered. */
  connections = 0;
  readonly #address: string;
  readonly #stop = new AbortController();
  readonly #ended: Promise<void>;
  #failure: unknown;
  #lastEventId: string | undefined;

  constructor(url: string, topic: string, from: 'earliest' | 'latest') {
    this.#address = `${url}/v1/topics/${topic}/tail?from=${from}`;
    this.#ended = this.#run();
  }

  /** Throws what the relay answered where it should have sent records. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#ended;
    if (this.#failure !== undefined) throw this.#failure;
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      try {
        await this.#follow();
      } catch (error) {
        if (!isLoss(error) && !this.#stop.signal.aborted) {
          this.#failure = error;
          return;
        }
      }
      await systemSleep(RETRY_MS, this.#stop.signal);
    }
  }

  async #follow(): Promise<void> {
    const headers = this.#lastEventId === undefined ? undefined : { 'last-event-id': this.#lastEventId };
    const answer = await fetch(this.#address, { headers, signal: this.#stop.signal });
    if (answer.status === 503) return;
    if (!answer.ok || answer.body === null) throw new Error(`tail: ${answer.status} ${await answer.text()}`);
    this.connections += 1;
    let rest = '';
    for await (const text of answer.body.pipeThrough(new TextDecoderStream())) {
      const events = (rest + text).split('\n\n');
      // What comes after the last empty line is a part of an event: it is thrown away with its connection.
      rest = events.pop() ?? '';
      for (const event of events) this.#take(event);
    }
  }

  #take(event: string): void {
    const fields = new Map(event.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line] as const));
    const data = fields.get('data');
    if (data === undefined) return;
    this.records.push(JSON.parse(data.slice('data: '.length)) as TailedRecord);
    this.#lastEventId = fields.get('id')?.slice('id: '.length);
  }
}

/** fetch reports connections that are refused or lost as a TypeError, which is not this realm's under jest. */
function isLoss(error: unknown): boolean {
  return types.isNativeError(error) && error.name === 'TypeError';
}
