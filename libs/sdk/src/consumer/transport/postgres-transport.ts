import type { ConsumerMember, MemberRequest } from '#libs/movers/consumer';
import {
  GroupMember,
  logRecordSource,
  LogWatcher,
  PostgresGroupCoordinator,
  PostgresTopicReader,
  readCursor,
} from '#libs/stores/topic';
import { PostgresTopics } from './postgres-topics.ts';
import type { MemberOptions, Transport, TransportContext, TransportFactory } from './transport.ts';

/** Topics of the consumer's own database: offsets commit together with the effects of the messages. The default. */
export function postgresTransport(): TransportFactory {
  return (context) => new PostgresTransport(context);
}

class PostgresTransport implements Transport {
  readonly offsetsInTransaction = true;
  readonly cluster = null;
  readonly topics: PostgresTopics;
  readonly #reader: PostgresTopicReader;
  readonly #coordinator: PostgresGroupCoordinator;
  readonly #watcher: LogWatcher;

  constructor({ db, groupsDb, onError }: TransportContext) {
    this.#reader = new PostgresTopicReader(db);
    this.topics = new PostgresTopics(db, this.#reader);
    this.#coordinator = new PostgresGroupCoordinator(groupsDb);
    this.#watcher = new LogWatcher(() => readCursor(db), onError);
  }

  member({ group, topics, events }: MemberRequest, options: MemberOptions): ConsumerMember {
    const source = logRecordSource(this.#reader, this.#watcher);
    return new GroupMember({ ...options, ...events, coordinator: this.#coordinator, source, group, topics });
  }

  start(): Promise<void> {
    return this.#watcher.start();
  }

  stop({ deadlineMs }: { readonly deadlineMs: number }): Promise<void> {
    return this.#watcher.stop(deadlineMs);
  }
}
