import type { Handler } from '../handler.ts';
import type { SubscriptionOptions } from './subscription-options.ts';

/** A name, a glob (`*` any characters without a dot, `**` any characters) or a regular expression over whole names. */
export type TopicSelector = string | RegExp;

/** What handles which topics for which group. */
export interface Subscription<Tx> {
  /** Unique within a consumer; shown in logs, headers, metrics, and used to pause and resume. */
  readonly name: string;
  /**
   * Several subscriptions may share a group as long as no topic belongs to two of them; a topic that patterns of two select
   * belongs to the first. Patterns pass over retry topics and dlqs.
   */
  readonly topics: readonly TopicSelector[];
  readonly group: string;
  readonly handler: Handler<Tx>;
  readonly options?: SubscriptionOptions;
}
