import type { Database } from '#libs/foundation/postgres';
import type { ConsumerMember, MemberRequest, Topics } from '#libs/movers/consumer';
import type { GroupMemberEvents, GroupMemberOptions } from '#libs/stores/topic';

/** How members of groups behave; the same for all transports. See GroupMemberOptions. */
export type MemberOptions = Omit<
  GroupMemberOptions,
  'coordinator' | 'source' | 'group' | 'topics' | 'clock' | 'sleep' | 'random' | 'newMemberId' | keyof GroupMemberEvents
>;

/** Where a consumer's records come from, and where its groups live. */
export interface Transport {
  /** True when offsets are kept in the consumer's own database, so that they commit with the effects of the messages. */
  readonly offsetsInTransaction: boolean;
  /** Name of the Kafka cluster, for headers; null for topics in Postgres. */
  readonly cluster: string | null;
  readonly topics: Topics;
  member(request: MemberRequest, options: MemberOptions): ConsumerMember;
  start(): Promise<void>;
  /** Called when no member is left. */
  stop(options: { readonly deadlineMs: number }): Promise<void>;
}

/** What a transport may use. */
export interface TransportContext {
  /** The consumer's database, on connections of the platform's own. */
  readonly db: Database;
  /** The same for heartbeats and commits alone, so that reads cannot keep a member from being heard. */
  readonly groupsDb: Database;
  readonly onError: (error: unknown) => void;
}

export type TransportFactory = (context: TransportContext) => Transport;
