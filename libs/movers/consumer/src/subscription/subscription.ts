import type { TopicPattern } from '#libs/stores/topic';
import type { Handler } from '../handler.ts';
import type { SubscriptionOptions } from './subscription-options.ts';

/** What handles which topics for which group. */
export interface Subscription<Tx> {
  /** Unique within a consumer; shown in logs, headers, metrics, and used to pause and resume. */
  readonly name: string;
  /**
   * Several subscriptions may share a group as long as no topic belongs to two of them; a topic that patterns of two select
   * belongs to the first. Retry topics of the
   * group are its own in any case.
   */
  readonly topics: readonly TopicPattern[];
  readonly group: string;
  readonly handler: Handler<Tx>;
  readonly options?: SubscriptionOptions;
}
