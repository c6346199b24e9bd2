import { encodeHeaders } from '#libs/foundation/kafka';
import type { RecordHeader } from '../record.ts';
import { MESSAGE_ID_HEADER, SCHEMA_ID_HEADER } from './header-names.ts';

/** Characters of a uuid. */
export const MESSAGE_ID_CHARS = 36;
/** Topics have few schemas; what is kept is bounded nevertheless. */
const MAX_FRAMES = 100;

/** The encoded headers of a record whose message has none of its own, without the message id between them. */
export interface HeaderFrame {
  readonly before: Buffer;
  readonly after: Buffer;
  /** Of all headers, the message id included. */
  readonly bytes: number;
}

/** Header frames of one topic on one cluster: they differ by the schema's id alone, where that is a header. */
export class HeaderFrames {
  readonly #topicHeader: RecordHeader | undefined;
  readonly #plain: HeaderFrame;
  readonly #bySchema = new Map<number, HeaderFrame>();

  constructor(topicHeader: RecordHeader | undefined) {
    this.#topicHeader = topicHeader;
    this.#plain = this.#make(null);
  }

  /** `schemaId`: null where none becomes a header. */
  of(schemaId: number | null): HeaderFrame {
    if (schemaId === null) return this.#plain;
    const known = this.#bySchema.get(schemaId);
    if (known !== undefined) return known;
    const frame = this.#make(schemaId);
    if (this.#bySchema.size < MAX_FRAMES) this.#bySchema.set(schemaId, frame);
    return frame;
  }

  #make(schemaId: number | null): HeaderFrame {
    const behind: RecordHeader[] = [];
    if (schemaId !== null) behind.push([SCHEMA_ID_HEADER, Buffer.from(String(schemaId), 'latin1')]);
    if (this.#topicHeader !== undefined) behind.push(this.#topicHeader);
    const id: RecordHeader = [MESSAGE_ID_HEADER, Buffer.alloc(MESSAGE_ID_CHARS)];
    const all = encodeHeaders([id, ...behind]);
    // The number of headers and the first of them, which ends with the id.
    const idEnd = encodeHeaders([id]).length;
    return { before: all.subarray(0, idEnd - MESSAGE_ID_CHARS), after: all.subarray(idEnd), bytes: all.length };
  }
}
