import type { Run } from '../rounds.ts';
import { HttpConnection } from './http-connection.ts';

export interface LoadRun extends Run {
  /** Of each request, in ms. */
  readonly latencies: readonly number[];
}

export interface Load {
  readonly port: number;
  readonly connections: number;
  /** The next request, as bytes; undefined ends the run. Called once per request. */
  readonly next: () => Buffer | undefined;
  /** Ends the run after so many ms at the latest. */
  readonly ms?: number;
}

/** Asks on each connection one request after the other. Throws when an answer is no 200. */
export async function runLoad({ port, connections, next, ms = 600_000 }: Load): Promise<LoadRun> {
  const open = await Promise.all(Array.from({ length: connections }, () => HttpConnection.open(port)));
  const latencies: number[] = [];
  const startedAt = performance.now();
  const endsAt = startedAt + ms;
  try {
    await Promise.all(
      open.map(async (connection) => {
        for (let sentAt = performance.now(); sentAt < endsAt;) {
          const request = next();
          if (request === undefined) return;
          const answer = await connection.send(request);
          if (answer.status !== 200) throw new Error(`answered ${answer.status}: ${answer.body.toString()}`);
          const now = performance.now();
          latencies.push(now - sentAt);
          sentAt = now;
        }
      }),
    );
    return { units: latencies.length, ms: performance.now() - startedAt, latencies };
  } finally {
    for (const connection of open) connection.close();
  }
}
