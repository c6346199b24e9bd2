import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { eventually } from '#libs/foundation/testing';
import { whereKafkaRuns } from '../src/index.ts';

const CHILD = fileURLToPath(new URL('./orphan.child.ts', import.meta.url));

whereKafkaRuns(describe)('a test process that is killed', () => {
  test('leaves no broker and no files behind', async () => {
    const child = spawn(process.execPath, ['--conditions=source', CHILD], { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
      const { pid, dataDir } = JSON.parse(line) as { pid: number; dataDir: string };
      expect(isAlive(pid)).toBe(true);
      child.kill('SIGKILL');
      await eventually(() => {
        expect(isAlive(pid)).toBe(false);
        expect(existsSync(dataDir)).toBe(false);
      });
    } finally {
      child.kill('SIGKILL');
    }
  });
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
