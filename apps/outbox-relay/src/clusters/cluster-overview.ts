import { TidemarkError } from '#libs/foundation/kernel';
import type { Queryable } from '#libs/foundation/postgres';
import {
  type CanaryResult,
  type ClusterLag,
  type ClusterStatus,
  readCanaries,
  readClusterLag,
  readClusters,
} from '#libs/stores/log';
import type { Clusters } from './clusters.ts';
import type { PublishedCluster } from './published-cluster.ts';

/** A cluster as anybody knows it: the database, the configuration of this instance, or both. */
export interface KnownCluster {
  readonly name: string;
  /** Undefined before anybody published to it. */
  readonly status: ClusterStatus | undefined;
  readonly lag: ClusterLag | undefined;
  readonly canary: CanaryResult | undefined;
  /** Undefined when this instance is not configured for it. */
  readonly here: PublishedCluster | undefined;
}

/** All clusters of the configuration and of the database, in order of name. */
export async function knownClusters(db: Queryable, clusters: Clusters): Promise<KnownCluster[]> {
  const [statuses, lags, canaries] = [await readClusters(db), await readClusterLag(db), await readCanaries(db)];
  const names = new Set([...statuses.map(({ name }) => name), ...clusters.all.map(({ config }) => config.name)]);
  return [...names].sort().map((name) => {
    const status = statuses.find((each) => each.name === name);
    return {
      name,
      status,
      lag: lags.find(({ cluster }) => cluster === name),
      canary: status === undefined ? undefined : canaries.get(status.clusterId),
      here: clusters.find(name),
    };
  });
}

/** Throws CLUSTER_UNKNOWN. */
export async function knownCluster(db: Queryable, clusters: Clusters, name: string): Promise<KnownCluster> {
  const found = (await knownClusters(db, clusters)).find((each) => each.name === name);
  if (found === undefined) throw new TidemarkError('CLUSTER_UNKNOWN', `there is no cluster '${name}'`);
  return found;
}

/** A cluster that somebody has published to and that this instance can talk to. */
export interface ReachableCluster {
  readonly name: string;
  readonly status: ClusterStatus;
  readonly here: PublishedCluster;
}

/** Throws CLUSTER_UNKNOWN, also before the first publisher, and CLUSTER_NOT_CONFIGURED. */
export async function reachableCluster(db: Queryable, clusters: Clusters, name: string): Promise<ReachableCluster> {
  const status = (await readClusters(db)).find((each) => each.name === name);
  const here = clusters.find(name);
  if (here === undefined && status !== undefined)
    throw new TidemarkError('CLUSTER_NOT_CONFIGURED', `cluster '${name}' is not in the configuration of this relay`);
  if (here === undefined) throw new TidemarkError('CLUSTER_UNKNOWN', `there is no cluster '${name}'`);
  if (status === undefined)
    throw new TidemarkError('CLUSTER_UNKNOWN', `nothing was ever published to cluster '${name}'`);
  return { name, status, here };
}
