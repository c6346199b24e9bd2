import { Readable } from 'node:stream';

/** One event of a text/event-stream. `data` is sent as JSON. */
export interface ServerSentEvent {
  /** What a client sends back as Last-Event-ID to go on from here. */
  readonly id?: string;
  readonly event?: string;
  readonly data: unknown;
}

export interface ServerSentEventsOptions {
  /** Ends the stream; pass the `signal` of the endpoint's input. The source must end soon after it is aborted. */
  readonly signal: AbortSignal;
  /** A comment is sent after this much silence, so that proxies keep the connection. Default 15,000. */
  readonly heartbeatMs?: number;
}

const oneLine = (text: string): string => text.replace(/[\r\n]/g, ' ');

/** An event in the form of the HTML standard, section 9.2. */
export function formatServerSentEvent(event: ServerSentEvent): string {
  const lines = [
    ...(event.id === undefined ? [] : [`id: ${oneLine(event.id)}`]),
    ...(event.event === undefined ? [] : [`event: ${oneLine(event.event)}`]),
    // JSON has no raw line breaks, so that one data line is always enough.
    `data: ${JSON.stringify(event.data)}`,
  ];
  return `${lines.join('\n')}\n\n`;
}

const SILENCE = Symbol('silence');

async function* textOf(
  source: AsyncIterable<ServerSentEvent>,
  signal: AbortSignal,
  heartbeatMs: number,
): AsyncGenerator<string> {
  const events = source[Symbol.asyncIterator]();
  let pending: Promise<IteratorResult<ServerSentEvent>> | undefined;
  try {
    yield ': open\n\n';
    while (!signal.aborted) {
      pending ??= events.next();
      const next = await orSilence(pending, signal, heartbeatMs);
      if (next === SILENCE) {
        if (!signal.aborted) yield ': waiting\n\n';
        continue;
      }
      pending = undefined;
      if (next.done === true) return;
      yield formatServerSentEvent(next.value);
    }
  } finally {
    // The source ends by its signal; an error that it throws then has nobody left to be told to.
    pending?.catch(() => undefined);
    await events.return?.();
  }
}

async function orSilence<T>(value: Promise<T>, signal: AbortSignal, heartbeatMs: number): Promise<T | typeof SILENCE> {
  let wake: (() => void) | undefined;
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<typeof SILENCE>((resolve) => {
    wake = () => resolve(SILENCE);
    timer = setTimeout(wake, heartbeatMs);
    signal.addEventListener('abort', wake, { once: true });
  });
  try {
    return await Promise.race([value, silence]);
  } finally {
    clearTimeout(timer);
    if (wake !== undefined) signal.removeEventListener('abort', wake);
  }
}

/**
 * A stream for an endpoint with `stream: true`. It reads the source only as fast as the client takes the events, so that
 * memory stays bounded, and ends when the source ends or the signal is aborted.
 */
export function serverSentEvents(source: AsyncIterable<ServerSentEvent>, options: ServerSentEventsOptions): Readable {
  return Readable.from(textOf(source, options.signal, options.heartbeatMs ?? 15_000), {
    objectMode: false,
    highWaterMark: 64 * 1024,
  });
}
