import type { Clock } from '#libs/foundation/kernel';
import type { Sleep } from '#libs/foundation/lifecycle';
import type { ConsumerObserver } from '../consumer-observer.ts';
import type { Decoder } from '../ports/decoder.ts';
import type { Forwarder } from '../ports/forwarder.ts';
import type { Inbox } from '../ports/inbox.ts';
import type { Topics } from '../ports/topics.ts';
import type { Transactions } from '../ports/transactions.ts';
import type { SubscriptionSettings } from '../subscription/subscription-settings.ts';
import type { Troubles } from './troubles.ts';

/** What all groups of a consumer share. */
export interface SharedParts<Tx> {
  readonly transactions: Transactions<Tx>;
  readonly inbox: Inbox;
  readonly forwarder: Forwarder;
  readonly decoder: Decoder;
  readonly topics: Topics;
  readonly cluster: string | null;
  readonly appVersion: string | null;
  readonly troubleBackoff: { readonly minMs: number; readonly maxMs: number };
  readonly observer: ConsumerObserver;
  readonly clock: Clock;
  readonly sleep: Sleep;
  readonly random: () => number;
  readonly newId: () => string;
  readonly troubles: Troubles;
}

/** The same with the subscription that they serve. */
export interface RunParts<Tx> extends SharedParts<Tx> {
  readonly settings: SubscriptionSettings<Tx>;
}
