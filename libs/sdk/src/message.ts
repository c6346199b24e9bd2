/** Topic names and the payload type of each: `interface Events { 'orders.placed': OrderPlaced }`. */
export type EventMap = object;

/** Without a declared map every topic and any JSON value is allowed. */
export type AnyEvents = Record<string, unknown>;

/** A string is sent as UTF-8, bytes as they are. */
export type HeaderValue = string | Uint8Array | null;

/** An object, or pairs when names repeat or their order counts. */
export type Headers = Readonly<Record<string, HeaderValue>> | readonly (readonly [name: string, value: HeaderValue])[];

/** Which schema a payload is written with. */
export interface EventSchema {
  /** Default: what the naming strategy makes of the topic. */
  readonly subject?: string;
  /** Default: the latest version. */
  readonly version?: number;
  /** The full name of the record, for the strategies RECORD and TOPIC_RECORD; with Protobuf also the message that is written. */
  readonly record?: string;
}

/** What emit sends to a topic. `Payload` is the application's type of the topic's payload. */
export interface Message<Payload = unknown> {
  /** Messages of one key keep their commit order. A string is sent as UTF-8; none: spread over the partitions. At most 8192 bytes. */
  readonly key?: string | Uint8Array | null;
  /**
   * Null is a tombstone. Where the topic or the message has a schema: a value of it. Else a value is sent as the text of
   * JSON.stringify, a Buffer as it is; with schemaId, a Buffer always is.
   */
  readonly payload: Payload | Uint8Array | null;
  readonly headers?: Headers;
  /** Overrides the partition that the key would choose. */
  readonly partition?: number;
  /** The public identity of the message, a UUID; default: a new one (version 7). */
  readonly messageId?: string;
  /** Id in the schema registry of the schema that the bytes were written with. */
  readonly schemaId?: number;
  /**
   * Encodes the payload with a schema of this subject in place of the one that the topic's settings say; see OutboxSchemas.
   */
  readonly schema?: EventSchema;
}

/** A message together with its topic, for batches; each topic accepts only its own payload. */
export type BatchMessage<Events extends EventMap = AnyEvents> = {
  [Topic in keyof Events & string]: Message<Events[Topic]> & { readonly topic: Topic };
}[keyof Events & string];
