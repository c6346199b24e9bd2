import { expect, test } from '@jest/globals';
import { appendFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ServerLog } from '../src/embedded/server-log.ts';

test('the tail shows the present server only; a large log moves aside while it is open', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tidemark-log-'));
  try {
    const path = join(folder, 'postgres.log');
    await writeFile(path, 'before\n');
    const log = new ServerLog(path);
    const file = await log.openForServer();
    expect(await log.tail()).toBe('');
    await appendFile(path, Array.from({ length: 30 }, (_, i) => `line ${i}\n`).join(''));
    expect((await log.tail()).split('\n')).toEqual(Array.from({ length: 20 }, (_, i) => `line ${i + 10}`));
    await log.keepBounded(100);
    expect((await stat(path)).size).toBe(0);
    expect(await readFile(`${path}.1`, 'utf8')).toMatch(/^before\n/);
    await appendFile(path, 'after\n');
    expect(await log.tail()).toBe('after');
    await file.close();
    await rm(path);
    expect(await log.tail()).toBe('');
  } finally {
    await rm(folder, { recursive: true });
  }
});
