import { type BootstrapServer, parseBootstrapServers } from './bootstrap-servers.ts';

export interface ListedCluster {
  readonly name: string;
  readonly bootstrapServers: readonly BootstrapServer[];
}

/** Names of clusters are part of paths and of metrics; `log` stands for the log itself where offsets are translated. */
export const CLUSTER_NAME = /^(?!log$)[a-zA-Z0-9][a-zA-Z0-9._-]{0,62}$/;
export const CLUSTER_NAME_RULE =
  'expected a name of 1 to 63 letters, digits, . _ or -, beginning with a letter or digit, and not log';

/** Clusters as `name=host:port,host:port; name=host:port`, and everything that is wrong. */
export function parseClusterList(text: string): {
  readonly clusters: readonly ListedCluster[];
  readonly problems: readonly string[];
} {
  const clusters: ListedCluster[] = [];
  const problems: string[] = [];
  for (const [index, part] of text.split(';').entries()) {
    const entry = part.trim();
    if (entry === '') continue;
    const equals = entry.indexOf('=');
    const name = entry.slice(0, equals).trim();
    if (equals < 0 || !CLUSTER_NAME.test(name)) {
      problems.push(
        `cluster ${index + 1}: expected name=host:port,host:port, several separated by ; (${CLUSTER_NAME_RULE})`,
      );
      continue;
    }
    const servers = parseBootstrapServers(entry.slice(equals + 1));
    if (typeof servers === 'string') problems.push(`${name}: ${servers}`);
    else if (clusters.some((cluster) => cluster.name === name)) problems.push(`${name}: is listed twice`);
    else clusters.push({ name, bootstrapServers: servers });
  }
  return { clusters, problems };
}
