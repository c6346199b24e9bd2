import { Admin } from '@platformatic/kafka';
import { eventually } from '#libs/foundation/testing';

const WITHIN_MS = 30_000;

export interface TopicToCreate {
  readonly topic: string;
  /** Default 1. */
  readonly partitions?: number;
  /** Default: as the brokers have it, which is one on each. */
  readonly replicas?: number;
  readonly configs?: Readonly<Record<string, string>>;
}

/** Creates a topic and waits until each of its partitions has a leader. */
export async function createTopic(bootstrap: string, wanted: TopicToCreate): Promise<void> {
  await withAdmin(bootstrap, async (admin) => {
    await admin.createTopics({
      topics: [wanted.topic],
      partitions: wanted.partitions ?? 1,
      replicas: wanted.replicas ?? -1,
      configs: Object.entries(wanted.configs ?? {}).map(([name, value]) => ({ name, value })),
    });
    for (let partition = 0; partition < (wanted.partitions ?? 1); partition += 1)
      await leaderSeenBy(admin, wanted.topic, partition);
  });
}

/** Deletes a topic; its name can be used again at once. */
export async function deleteTopic(bootstrap: string, topic: string): Promise<void> {
  await withAdmin(bootstrap, (admin) => admin.deleteTopics({ topics: [topic] }));
}

/** The node id of the partition's leader; waits while there is none. */
export async function leaderOf(bootstrap: string, topic: string, partition: number): Promise<number> {
  return await withAdmin(bootstrap, (admin) => leaderSeenBy(admin, topic, partition));
}

async function leaderSeenBy(admin: Admin, topic: string, partition: number): Promise<number> {
  return await eventually(async () => {
    const metadata = await admin.metadata({ topics: [topic], forceUpdate: true });
    const leader = metadata.topics.get(topic)?.partitions[partition]?.leader;
    if (leader === undefined || leader < 0) throw new Error(`${topic}-${partition} has no leader`);
    return leader;
  }, WITHIN_MS);
}

async function withAdmin<T>(bootstrap: string, work: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = new Admin({ clientId: 'tidemark test', bootstrapBrokers: bootstrap.split(',') });
  try {
    return await work(admin);
  } finally {
    await admin.close();
  }
}
