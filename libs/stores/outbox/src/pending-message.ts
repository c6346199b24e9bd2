/** What the sequencer needs to know of a message; the payload stays in Postgres. */
export interface PendingMessage {
  /** Strictly increasing; the order in which messages are sequenced. */
  readonly position: bigint;
  readonly topicId: number;
  /** Asked for by the writer, or null. */
  readonly partition: number | null;
  readonly key: Buffer | null;
  /** Bytes of key, payload and headers. */
  readonly bytes: number;
  /** When it was written, in microseconds since the epoch (exact in a double until 2255). */
  readonly createdUs: number;
}
