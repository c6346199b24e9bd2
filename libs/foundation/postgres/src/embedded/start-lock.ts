import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { embeddedFailure } from './embedded-failure.ts';
import { isAlive } from './process-identity.ts';
import { POLL_MS, type Site } from './site.ts';

/** The folder that is locked, and who locks it. */
export type LockSite = Pick<Site, 'dataDir' | 'self' | 'clock' | 'sleep'>;

const TICKET = /^start-(\d+)-(\d*)-(\d+)\.lock$/;
let ticketsDrawn = 0;

/**
 * Runs `work` while no other process, nor another call in this one, does so for the same folder. Throws
 * EMBEDDED_POSTGRES_FAILED when the lock is not free within `waitMs`.
 *
 * Each contender has a ticket file of its own, named after its process: one that has died leaves a ticket that can be
 * recognised and removed without ever touching that of somebody else, which a single lock file does not allow. The lock is
 * held by whoever sees no other living ticket after creating its own; of two that see each other, the later name withdraws.
 */
export async function withStartLock<T>(site: LockSite, waitMs: number, work: () => Promise<T>): Promise<T> {
  ticketsDrawn += 1;
  const ticket = `start-${site.self.pid}-${site.self.started}-${ticketsDrawn}.lock`;
  const path = join(site.dataDir, ticket);
  try {
    await acquire(site, waitMs, ticket, path);
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

async function acquire(site: LockSite, waitMs: number, ticket: string, path: string): Promise<void> {
  const endsAt = site.clock.now() + waitMs;
  let drawn = false;
  for (;;) {
    let others = await livingTickets(site.dataDir, ticket);
    if (others.length === 0 && !drawn) {
      await writeFile(path, '', { flag: 'wx', mode: 0o600 });
      drawn = true;
      others = await livingTickets(site.dataDir, ticket);
    }
    if (others.length === 0) return;
    if (drawn && others.some((other) => other < ticket)) {
      await rm(path, { force: true });
      drawn = false;
    }
    if (site.clock.now() >= endsAt) throw stillHeld(site, waitMs, others[0] ?? '');
    await site.sleep(POLL_MS);
  }
}

async function livingTickets(dataDir: string, own: string): Promise<string[]> {
  const living: string[] = [];
  for (const name of await readdir(dataDir)) {
    const match = TICKET.exec(name);
    if (match === null || name === own) continue;
    if (await isAlive({ pid: Number(match[1]), started: match[2] ?? '' })) living.push(name);
    else await rm(join(dataDir, name), { force: true });
  }
  return living;
}

function stillHeld(site: LockSite, waitMs: number, ticket: string): Error {
  const pid = TICKET.exec(ticket)?.[1] ?? 'unknown';
  return embeddedFailure(
    `process ${pid} has been starting or stopping the server in ${site.dataDir} for ${waitMs} ms`,
    {
      remedy: `Wait for process ${pid}, or end it; or use another data folder (TIDEMARK_DATA).`,
    },
  );
}
