import type { ConsumerStatus } from './consumer-status.ts';

/**
 * Feeds handlers with the messages of topics so that their effects happen once, in order per key. See README.md.
 */
export interface Consumer {
  /**
   * Creates the retry topics and dlqs that are missing, joins the groups and begins. Throws CONSUMER_INVALID for
   * options that cannot work, TOPIC_INVALID for names, and what creating topics throws; nothing has begun then. May be
   * called again; a stopped consumer is not started again.
   */
  start(): Promise<void>;
  /**
   * Begins no further delivery, lets those under way end, commits their offsets and leaves the groups. After `deadlineMs`
   * the signals of what is still under way fire and it is rolled back. Callers share the first call.
   */
  stop(options: { readonly deadlineMs: number }): Promise<void>;
  /** No further delivery of the subscription begins. Throws CONSUMER_INVALID for an unknown name. May be called before start. */
  pause(subscription: string): void;
  resume(subscription: string): void;
  /** For health pages and readiness; costs no I/O. */
  status(): ConsumerStatus;
}
