import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Database } from '#libs/foundation/postgres';
import {
  GroupMember,
  logRecordSource,
  LogWatcher,
  PostgresGroupCoordinator,
  PostgresTopicReader,
  readCursor,
} from '#libs/stores/topic';
import { TOPICS } from '../events.ts';
import { ORDERS_OPTIONS, type OrdersOptions } from '../orders-options.ts';
import { ProjectionMember } from './projection-member.ts';
import { Projection } from './projection.ts';

export const PROJECTION_GROUP = 'orders-read-model';
const STOP_MS = 5_000;

/** Runs the members of the projection's group as long as the application runs. */
@Injectable()
export class ProjectionRunner implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Projection');
  private readonly database: Database;
  private readonly watcher: LogWatcher;
  private readonly members: ProjectionMember[];

  constructor(@Inject(ORDERS_OPTIONS) options: OrdersOptions, projection: Projection) {
    const onError = (error: unknown): void => this.logger.warn(error);
    // Reading and heartbeats have connections of their own, so that busy requests cannot keep the members from being heard.
    const database = new Database({
      url: options.databaseUrl,
      applicationName: 'orders projection',
      onIdleError: onError,
    });
    this.database = database;
    this.watcher = new LogWatcher(() => readCursor(database), onError);
    const coordinator = new PostgresGroupCoordinator(database);
    const source = logRecordSource(new PostgresTopicReader(database), this.watcher);
    const member = { coordinator, source, group: PROJECTION_GROUP, topics: TOPICS, onError };
    this.members = Array.from({ length: options.projectionMembers ?? 1 }, (_, index) => {
      const client = { service: 'orders', pid: process.pid, member: index + 1 };
      return new ProjectionMember(new GroupMember({ ...member, client }), projection, onError);
    });
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.watcher.start();
    for (const member of this.members) await member.start();
  }

  /** Before Nest closes the DataSource, which the records in hand still need. */
  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.members.map((member) => member.stop(STOP_MS)));
    await this.watcher.stop(STOP_MS);
    await this.database.close();
  }
}
