export { allObservers } from './all-observers.ts';
export { isAbandoned } from './abandoned.ts';
export type { Consumer } from './consumer.ts';
export { createConsumer } from './consumer-runner.ts';
export type { ConsumerObserver, DeliveryName, HandledAs } from './consumer-observer.ts';
export type { ConsumerOptions } from './consumer-options.ts';
export type { BreakerState, ConsumerStatus, PartitionStatus, SubscriptionStatus } from './consumer-status.ts';
export type { Delivery } from './delivery.ts';
export type { ErrorDescription } from './failure/error-description.ts';
export { type ErrorMatcher, type ErrorRules, FatalError } from './failure/error-rules.ts';
export type { HandleBatch, HandleEach, Handler } from './handler.ts';
export type { DecodedRecord, Decoder } from './ports/decoder.ts';
export type { ForwardedMessage, Forwarder } from './ports/forwarder.ts';
export type { FailureEntry, Inbox, KeyOfTopic, ParkedRecord, RecordPlace, SettledFailure } from './ports/inbox.ts';
export type { ConsumerMember, MemberFactory, MemberRequest } from './ports/member.ts';
export type { PartitionEnd, SideTopic, Topics } from './ports/topics.ts';
export type { Transactions } from './ports/transactions.ts';
export { sideTopics, type SideTopicNames } from './subscription/side-topics.ts';
export type { Subscription } from './subscription/subscription.ts';
export type {
  BreakerOptions,
  HeaderStyle,
  RetryTier,
  SubscriptionOptions,
} from './subscription/subscription-options.ts';
