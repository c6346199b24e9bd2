import { CommandError } from '../command-error.ts';
import { EXIT } from '../exit-codes.ts';

/** An event of a text/event-stream. */
export interface StreamEvent {
  /** The last id that the stream has sent so far; undefined before the first. */
  readonly id: string | undefined;
  readonly event: string;
  readonly data: string;
}

/** No event is that large: a message of 100 MiB is 140 MB in base64. Bounds what a wrong server can make us keep. */
const EVENT_CHARACTERS_MAX = 400_000_000;

/** Cuts the text of a stream into events, as the HTML standard says (section 9.2.6), comments left out. */
export class EventStreamParser {
  /** Pieces of the line that is not complete yet. */
  #line: string[] = [];
  #size = 0;
  #id: string | undefined;
  #event = 'message';
  #data: string[] = [];

  /** Takes the next piece of the stream and gives the events that it completes. */
  push(text: string): StreamEvent[] {
    const events: StreamEvent[] = [];
    let from = 0;
    for (let end = text.indexOf('\n', from); end >= 0; end = text.indexOf('\n', from)) {
      this.#line.push(text.slice(from, end));
      const line = this.#line.join('').replace(/\r$/, '');
      this.#line = [];
      from = end + 1;
      const event = this.#take(line);
      if (event !== undefined) events.push(event);
    }
    this.#line.push(text.slice(from));
    this.#size = events.length > 0 ? text.length - from : this.#size + text.length;
    if (this.#size > EVENT_CHARACTERS_MAX)
      throw new CommandError(EXIT.FAILED, `the relay sent an event of more than ${EVENT_CHARACTERS_MAX} characters`);
    return events;
  }

  #take(line: string): StreamEvent | undefined {
    if (line === '') return this.#dispatch();
    if (line.startsWith(':')) return undefined;
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'id') this.#id = value;
    else if (field === 'event') this.#event = value;
    else if (field === 'data') this.#data.push(value);
    return undefined;
  }

  #dispatch(): StreamEvent | undefined {
    const event: StreamEvent = { id: this.#id, event: this.#event, data: this.#data.join('\n') };
    const empty = this.#data.length === 0;
    this.#event = 'message';
    this.#data = [];
    // Comments end with an empty line too; the size is that of events.
    this.#size = 0;
    return empty ? undefined : event;
  }
}
