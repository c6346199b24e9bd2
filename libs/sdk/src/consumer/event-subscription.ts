import { TidemarkError } from '#libs/foundation/kernel';
import type { Delivery, Handler, Subscription, SubscriptionOptions } from '#libs/movers/consumer';
import type { TopicPattern } from '#libs/stores/topic';
import type { TransactionHandle } from '../transaction/handle.ts';
import { withTransaction } from '../transaction/current-transaction.ts';
import { refuseUnknownOptions } from './known-options.ts';
import { DECODE_MODES, type DecodeMode } from './payload-decoder.ts';
import { SUBSCRIPTION_OPTION_NAMES, subscriptionOptionsOf } from './subscription-option-names.ts';

/** What handles which topics. Give `handle` or `handleBatch`; annotate the delivery for a typed value: `Delivery<Tx, OrderPlaced>`. */
export interface EventSubscription<Tx> extends SubscriptionOptions {
  /** Names, globs (`orders.*`: one part of a name; `orders.**`: any number of them) and regular expressions (anchor them). */
  readonly topics: TopicPattern | readonly TopicPattern[];
  /** Default: the consumer's group. */
  readonly group?: string;
  /** To pause and resume by, and for logs; default: the topics, followed by `@group` where that is not the consumer's. */
  readonly name?: string;
  /** How values are read; default `auto`. */
  readonly decode?: DecodeMode;
  handle?(delivery: Delivery<Tx>): unknown;
  /** Many messages of one partition in one transaction. */
  handleBatch?(deliveries: readonly Delivery<Tx>[]): unknown;
  /** Limits of handleBatch; default 100 messages and 1 MiB. */
  readonly batch?: { readonly maxRecords?: number; readonly maxBytes?: number };
}

/** A subscription as the consumer takes it, and how its values are read. */
export interface BoundSubscription<Tx> {
  readonly subscription: Subscription<Tx>;
  readonly decode: DecodeMode;
}

type OwnOption = Exclude<keyof EventSubscription<never>, keyof SubscriptionOptions>;

/** The compiler sees to it that none is missing. */
const OWN: Readonly<Record<OwnOption, true>> = {
  topics: true,
  group: true,
  name: true,
  decode: true,
  handle: true,
  handleBatch: true,
  batch: true,
};
const KNOWN: readonly string[] = [...Object.keys(OWN), ...SUBSCRIPTION_OPTION_NAMES];

/** Names it, and lets its handler run with the delivery's transaction as the current one. Throws CONSUMER_INVALID. */
export function bindSubscription<Tx extends TransactionHandle>(
  given: EventSubscription<Tx>,
  defaultGroup: string,
): BoundSubscription<Tx> {
  const { topics, group = defaultGroup, decode = 'auto' } = given;
  const patterns = typeof topics === 'string' || topics instanceof RegExp ? [topics] : [...topics];
  const name = given.name ?? defaultName(patterns, group, defaultGroup);
  const refuse = refusal(name);
  if (!DECODE_MODES.includes(decode))
    refuse(`decode is ${JSON.stringify(decode)}, not one of ${DECODE_MODES.join(', ')}`);
  refuseUnknownOptions(`subscription ${JSON.stringify(name)}`, given, KNOWN);
  const inBatches = 'handleBatch' in given;
  if ('handle' in given === inBatches) refuse('it has to have either handle or handleBatch');
  if (given.batch !== undefined && !inBatches) refuse('it has limits of batches, but no handleBatch');
  const handler = bindHandler<Tx>(given);
  return { subscription: { name, group, topics: patterns, handler, options: subscriptionOptionsOf(given) }, decode };
}

function bindHandler<Tx extends TransactionHandle>(given: EventSubscription<Tx>): Handler<Tx> {
  if (!('handleBatch' in given)) {
    return {
      kind: 'each',
      handle: (delivery) => withTransaction(delivery.tx, () => given.handle!(delivery)),
    };
  }
  return {
    ...given.batch,
    kind: 'batch',
    handle: (deliveries) => withTransaction(deliveries[0]!.tx, () => given.handleBatch!(deliveries)),
  };
}

function defaultName(topics: readonly TopicPattern[], group: string, defaultGroup: string): string {
  const name = topics.map(String).join(', ');
  return group === defaultGroup ? name : `${name}@${group}`;
}

function refusal(name: string): (what: string) => never {
  return (what) => {
    throw new TidemarkError('CONSUMER_INVALID', `subscription ${JSON.stringify(name)}: ${what}`, {
      context: { subscription: name },
    });
  };
}
