/** Kafka's numbers of the requests that tests care about. */
export const API = {
  produce: 0,
  fetch: 1,
  listOffsets: 2,
  metadata: 3,
  offsetCommit: 8,
  offsetFetch: 9,
  apiVersions: 18,
  initProducerId: 22,
  offsetForLeaderEpoch: 23,
  describeProducers: 61,
} as const;

/** A request on its way to a broker, or the answer to one on its way back. */
export interface Frame {
  readonly direction: 'request' | 'response';
  /** The node id of the broker. */
  readonly broker: number;
  readonly connection: number;
  /** What is asked for, also in the answer. */
  readonly apiKey: number;
  readonly apiVersion: number;
  readonly correlationId: number;
  /** Without the length prefix. */
  readonly bytes: Buffer;
}

/**
 * What becomes of a frame; undefined lets it pass.
 * `cut`: both sides see the connection closed and the frame does not arrive. A request then never reached the broker; an
 * answer is lost after the broker has done the work.
 * `swallow`: it does not arrive, and nobody is told.
 * `delayMs`, `until`: it waits, and whatever follows it in its direction on its connection with it. A request that waits is
 * delivered even when its client has gone in the meantime, as from a network that had it under way.
 * `repeat`: it passes, and the broker gets the same request again so many times, each on a connection of its own and after
 * the given time (default 0); those answers are dropped. Only for requests.
 * `answer`: the broker does not get it, and its client gets this instead of an answer, without the length prefix. Only for requests.
 */
export type Action =
  | 'cut'
  | 'swallow'
  | { readonly delayMs: number }
  | { readonly until: Promise<unknown> }
  | { readonly repeat: number; readonly afterMs?: number }
  | { readonly answer: Buffer };

/** Asked about every frame, in order; must not keep it waiting itself. */
export type Rule = (frame: Frame) => Action | undefined;
