/** What is consumed, and what each of its messages brings about. */
export const ORDERS = 'orders';
export const FOLLOW_UPS = 'shipped';

/** Groups whose members are in every consumer process. Nothing is poison to billing: what is dead would park its key for ever. */
export const EFFECT_GROUPS = [
  { group: 'shipping', afterDeadLetter: 'continue' },
  { group: 'billing', afterDeadLetter: 'park' },
] as const;

/** Tries in place of the processes, and those in all before a dead letter. */
export const TRIES_IN_PLACE = 2;
export const TRIES_IN_ALL = 4;

/** The payload of an order. */
export interface Order {
  /** Counts up within its key. */
  readonly n: number;
  /** Tries of it that fail, below TRIES_IN_ALL. */
  readonly fails: number;
  /** Whether shipping can never handle it, and whether its error says so. */
  readonly poison: 'fatal' | 'retryable' | null;
}

export interface ConsumerSetup {
  readonly url: string;
  /** Bootstrap servers of the cluster to consume from; default: the topics in Postgres. */
  readonly kafka?: string;
  readonly sessionTimeoutMs: number;
  readonly heartbeatMs: number;
  /** Of both retry topics. */
  readonly retryDelayMs: number;
  /** Longest pause of a handler in the middle of its transaction. */
  readonly handlerMaxMs: number;
}
