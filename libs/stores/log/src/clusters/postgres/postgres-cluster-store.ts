import type { Queryable } from '#libs/foundation/postgres';
import type {
  ClusterIdentity,
  ClusterLease,
  ClusterPlaceholder,
  ClusterStore,
  ClusterTopic,
  PartitionProgress,
  ChangedSegments,
} from '../cluster-state.ts';
import type { ClusterRequest } from '../cluster-request.ts';
import { acquireCluster, releaseCluster, renewCluster } from './cluster-lease.sql.ts';
import { takeClusterRequests } from './cluster-requests.sql.ts';
import { markOpened } from './mark-opened.sql.ts';
import { readClusterPartitions } from './read-partitions.sql.ts';
import { readClusterPlaceholders } from './read-placeholders.sql.ts';
import { readClusterTopics } from './read-topics.sql.ts';
import { saveIdentity } from './save-identity.sql.ts';
import { savePlaceholder } from './save-placeholder.sql.ts';
import { saveProgress } from './save-progress.sql.ts';
import { saveSegments } from './save-segments.sql.ts';
import { saveClusterTopics } from './save-topics.sql.ts';

/** Where publishing stands, in schema log of one database. Each call is one statement and one transaction. */
export class PostgresClusterStore implements ClusterStore {
  readonly #db: Queryable;

  constructor(db: Queryable) {
    this.#db = db;
  }

  acquire(
    cluster: { readonly name: string; readonly required: boolean },
    holder: string,
    info: { readonly host: string; readonly pid: number },
    leaseMs: number,
  ): Promise<(ClusterLease & { readonly identity: ClusterIdentity }) | undefined> {
    return acquireCluster(this.#db, cluster, holder, info, leaseMs);
  }

  renew(lease: ClusterLease, leaseMs: number): Promise<boolean> {
    return renewCluster(this.#db, lease, leaseMs);
  }

  release(lease: ClusterLease): Promise<boolean> {
    return releaseCluster(this.#db, lease);
  }

  /** Throws CLUSTER_PRODUCER_CHANGED for another producer id than the one that this Kafka cluster knows. */
  saveIdentity(lease: ClusterLease, identity: ClusterIdentity): Promise<boolean> {
    return saveIdentity(this.#db, lease, identity);
  }

  topics(clusterId: number): Promise<readonly ClusterTopic[]> {
    return readClusterTopics(this.#db, clusterId);
  }

  saveTopics(lease: ClusterLease, topics: readonly ClusterTopic[]): Promise<boolean> {
    return saveClusterTopics(this.#db, lease, topics);
  }

  partitions(clusterId: number) {
    return readClusterPartitions(this.#db, clusterId);
  }

  markOpened(lease: ClusterLease, partitions: readonly { topicId: number; partition: number }[]): Promise<boolean> {
    return markOpened(this.#db, lease, partitions);
  }

  saveSegments(lease: ClusterLease, partitions: readonly ChangedSegments[]): Promise<boolean> {
    return saveSegments(this.#db, lease, partitions);
  }

  saveProgress(lease: ClusterLease, leaseMs: number, progress: readonly PartitionProgress[]): Promise<boolean> {
    return saveProgress(this.#db, lease, leaseMs, progress);
  }

  savePlaceholder(lease: ClusterLease, placeholder: ClusterPlaceholder): Promise<boolean> {
    return savePlaceholder(this.#db, lease, placeholder);
  }

  placeholders(clusterId: number, topicId: number): Promise<readonly ClusterPlaceholder[]> {
    return readClusterPlaceholders(this.#db, clusterId, topicId);
  }

  takeRequests(lease: ClusterLease): Promise<readonly ClusterRequest[]> {
    return takeClusterRequests(this.#db, lease);
  }
}
