import type { Compression } from '#libs/foundation/kafka';
import { countBuffers } from '#libs/foundation/program';
import { Database } from '#libs/foundation/postgres';
import { sequenceUpTo } from '../outbox/sequence-backlog.ts';
import { connectTo } from './bench-kafka.ts';
import { publishLog } from './publish-log.ts';

/*
 * A publisher, and where asked for a sequencer, in a process of its own: what the floor keeps in memory would cost it time
 * for nothing. Does one job after the other, so that it is warm; ends when its parent lets go of it.
 */
export interface PublisherJob {
  readonly cluster: string;
  readonly compression: Compression;
  readonly partitions: number;
  readonly records: number;
  readonly sequencing: boolean;
}

export interface PublisherRun {
  readonly ms: number;
  readonly cpuSeconds: number;
  /** The most memory that the process has had so far. */
  readonly maxRssBytes: number;
}

// As the relay does.
countBuffers();

const [databaseUrl, bootstrap] = process.argv.slice(2);
const db = new Database({ url: databaseUrl!, poolMax: 6, applicationName: 'tidemark bench publisher' });
const client = connectTo(bootstrap!);

process.on('message', (job: PublisherJob) => void answer(job));
process.once('disconnect', () => void Promise.all([client.close(), db.close()]));

async function answer(job: PublisherJob): Promise<void> {
  try {
    process.send!(await run(job));
  } catch (error) {
    console.error(error);
    process.exit(1);
  }
}

async function run({ partitions, records, sequencing, ...target }: PublisherJob): Promise<PublisherRun> {
  const publisher = await publishLog({ db, client, records, ...target });
  try {
    let startedAt: number | undefined;
    const cpuBefore = process.cpuUsage();
    if (sequencing) {
      await publisher.setUp(partitions);
      startedAt = performance.now();
      await sequenceUpTo(db, records, (cursor) => publisher.moved(cursor));
    }
    const { firstReadAt, ackedAt } = await publisher.done;
    const { user, system } = process.cpuUsage(cpuBefore);
    return {
      ms: ackedAt - (startedAt ?? firstReadAt),
      cpuSeconds: (user + system) / 1e6,
      maxRssBytes: process.resourceUsage().maxRSS * 1_024,
    };
  } finally {
    await publisher.stop();
  }
}
