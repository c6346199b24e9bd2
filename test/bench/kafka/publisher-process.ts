import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { PublisherJob, PublisherRun } from './publisher.child.ts';

const CHILD = fileURLToPath(new URL('publisher.child.ts', import.meta.url));

/** A publisher in a process of its own, see publisher.child.ts. */
export interface PublisherProcess {
  run(job: PublisherJob): Promise<PublisherRun>;
  stop(): Promise<void>;
}

export function startPublisher(databaseUrl: string, bootstrap: string): PublisherProcess {
  // The semi-space as in the image; options of ours, such as a profiler's, count for it too.
  const execArgv = [...process.execArgv, '--max-semi-space-size=16'];
  const child = fork(CHILD, [databaseUrl, bootstrap], { execArgv });
  const ended = once(child, 'exit');
  return {
    run: (job) =>
      new Promise((resolve, reject) => {
        const failed = (code: number): void => reject(new Error(`the publisher ended with exit code ${code}`));
        child.once('exit', failed);
        child.once('message', (run: PublisherRun) => {
          child.off('exit', failed);
          resolve(run);
        });
        child.send(job);
      }),
    stop: async () => {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}
