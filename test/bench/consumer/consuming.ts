import type pg from 'pg';
import type { Effect } from './effect.ts';

/** What is to be consumed, and how. */
export interface Consuming {
  /** A new group each time: it starts at the earliest record. */
  readonly group: string;
  readonly effect: Effect;
  /** Deliveries at once; kafkajs and Nest have it by partition only, of which there are as many. */
  readonly concurrency: number;
  /** A connection for each delivery under way. */
  readonly pool: pg.Pool;
  /** The number that a payload has. */
  readonly numberOf: (payload: Buffer) => number;
  /** Told when the effects of a message are committed. */
  readonly handled: (n: number) => void;
  /** Told when a delivery failed: the measurement is worth nothing then. */
  readonly failed: (error: unknown) => void;
}

export interface RunningConsumer {
  stop(): Promise<void>;
}

/** A consumer that someone could use, with the same handler as all the others. */
export interface ConsumerSide {
  readonly name: string;
  start(consuming: Consuming): Promise<RunningConsumer>;
}
