import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '#libs/foundation/kernel';
import { systemSleep } from '#libs/foundation/lifecycle';
import { identityOf } from '../src/embedded/process-identity.ts';
import { type LockSite, withStartLock } from '../src/embedded/start-lock.ts';

let site: LockSite;
beforeEach(async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'tidemark-lock-'));
  const self = (await identityOf(process.pid)) ?? { pid: process.pid, started: '' };
  // A thousandth of the wait, so that many contenders meet often.
  site = { dataDir, self, clock: systemClock, sleep: () => systemSleep(1) };
});
afterEach(() => rm(site.dataDir, { recursive: true }));

test('lets one in at a time, everybody in the end, and leaves nothing', async () => {
  let inside = 0;
  let most = 0;
  const entered: number[] = [];
  const contender = (n: number): Promise<void> =>
    withStartLock(site, 20_000, async () => {
      inside += 1;
      most = Math.max(most, inside);
      entered.push(n);
      await systemSleep(0);
      await systemSleep(0);
      inside -= 1;
    });
  await Promise.all(Array.from({ length: 20 }, (_, n) => contender(n)));
  expect([most, entered.length]).toEqual([1, 20]);
  expect(await readdir(site.dataDir)).toEqual([]);
});

test('tickets of processes that are gone do not count and are removed', async () => {
  // Above the largest pid that Linux gives out.
  await writeFile(join(site.dataDir, 'start-4194305-1-1.lock'), '');
  await writeFile(join(site.dataDir, `start-${process.pid}-1-1.lock`), '');
  // Where start times are unknown, a ticket with our own pid counts as living.
  const expected = site.self.started === '' ? 1 : 0;
  if (expected === 1) await rm(join(site.dataDir, `start-${process.pid}-1-1.lock`));
  expect(await withStartLock(site, 1_000, () => readdir(site.dataDir))).toHaveLength(1);
});

test('gives up in time, names the holder, and frees the lock after an error', async () => {
  await expect(withStartLock(site, 1_000, () => withStartLock(site, 20, async () => undefined))).rejects.toMatchObject({
    code: 'EMBEDDED_POSTGRES_FAILED',
    message: expect.stringContaining(`process ${process.pid} has been`),
  });
  expect(await withStartLock(site, 1_000, async () => 'free')).toBe('free');
});
