import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { listTestFiles, runJest } from '../jest-run.ts';

let folder: string;
const at = (name: string): string => join(folder, name);
const reporters = ['default', fileURLToPath(new URL('../progress-reporter.ts', import.meta.url))];
const config = JSON.stringify({ testMatch: ['**/*.check.mjs'], reporters });
const args = (): string[] => ['--rootDir', folder, '--config', config];

beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'tidemark-run-')));
  await writeFile(at('package.json'), '{"type":"module"}');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('a file that never finishes loading is ended and named; what had finished is counted', async () => {
  await writeFile(at('good.check.mjs'), "test('one', () => undefined); test.skip('two', () => undefined);");
  await writeFile(at('hangs.check.mjs'), 'await new Promise(() => setInterval(() => undefined, 1000));');
  const outcome = await runJest({ args: args(), env: process.env, stallMs: 8_000, output: 'ignore' });
  expect(outcome.stalled).toEqual([at('hangs.check.mjs')]);
  expect([...outcome.finished]).toEqual([at('good.check.mjs')]);
  expect([outcome.passed, outcome.failed, outcome.skipped, outcome.exitCode]).toEqual([1, 0, 1, 1]);
  expect(listTestFiles(args(), process.env).sort()).toEqual([at('good.check.mjs'), at('hangs.check.mjs')]);
});

test('a file that cannot be loaded counts as a failure', async () => {
  await writeFile(at('broken.check.mjs'), "import './missing.mjs';");
  const outcome = await runJest({ args: args(), env: process.env, stallMs: 60_000, output: 'ignore' });
  expect([outcome.stalled, outcome.passed, outcome.failed, outcome.exitCode]).toEqual([[], 0, 1, 1]);
  expect(outcome.failures).toEqual([
    { file: at('broken.check.mjs'), name: at('broken.check.mjs'), text: expect.stringContaining('./missing.mjs') },
  ]);
});

test('what failed is named with what it said', async () => {
  const failing = "test('adds', () => expect(1 + 1).toBe(3)); test('counts', () => undefined);";
  await writeFile(at('wrong.check.mjs'), `describe('numbers', () => { ${failing} });`);
  const outcome = await runJest({ args: args(), env: process.env, stallMs: 60_000, output: 'ignore' });
  expect([outcome.passed, outcome.failed, outcome.failures.length]).toEqual([1, 1, 1]);
  expect(outcome.failures[0]).toMatchObject({ file: at('wrong.check.mjs'), name: 'numbers adds' });
  expect(outcome.failures[0]?.text).toContain('Expected: 3');
});
