import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Failure, Progress } from './progress-reporter.ts';

const JEST = fileURLToPath(new URL('../../node_modules/jest/bin/jest.js', import.meta.url));
const NODE_OPTIONS = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
const REPORT_WAIT_MS = 5_000;

export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

export interface JestOutcome extends Counts {
  exitCode: number;
  /** Absolute paths of the files that ran to their end. */
  finished: Set<string>;
  /** Absolute paths of the files that were running when the run was ended because nothing happened any more; else empty. */
  stalled: string[];
  /** What failed, with its file. */
  failures: (Failure & { readonly file: string })[];
}

export interface JestRun {
  args: string[];
  env: NodeJS.ProcessEnv;
  /** A run in which no test and no file ends for so long is ended (ms). A single test may take one minute by default. */
  stallMs: number;
  /** Where what jest says goes. Default: to the output of this process. */
  output?: 'inherit' | 'ignore';
}

/** The files that a run with these arguments would take. */
export function listTestFiles(args: string[], env: NodeJS.ProcessEnv): string[] {
  const out = execFileSync(process.execPath, [...NODE_OPTIONS, JEST, '--listTests', '--json', ...args], {
    env,
    encoding: 'utf8',
    timeout: 60_000,
  });
  return JSON.parse(out.slice(out.indexOf('['))) as string[];
}

/**
 * Runs jest once, with a configuration that names the progress reporter. A run without progress is ended with all its
 * processes, after their stacks have been printed: a module that never finishes loading is under no timeout of jest's.
 */
export function runJest({ args, env, stallMs, output = 'inherit' }: JestRun): Promise<JestOutcome> {
  const reports = mkdtempSync(join(tmpdir(), 'tidemark-stall-'));
  const options = [...NODE_OPTIONS, '--report-on-signal', `--report-directory=${reports}`, '--report-exclude-network'];
  const jest = spawn(process.execPath, [...options, JEST, ...args], {
    stdio: ['inherit', output, output, 'ipc'],
    env,
  });
  const outcome: JestOutcome = {
    exitCode: 1,
    passed: 0,
    failed: 0,
    skipped: 0,
    finished: new Set(),
    stalled: [],
    failures: [],
  };
  const running = new Set<string>();
  const forward = (): boolean => jest.kill('SIGTERM');
  process.on('SIGTERM', forward);
  let watch: NodeJS.Timeout;
  const rewind = (): void => {
    clearTimeout(watch);
    watch = setTimeout(() => void endStalledRun(), stallMs);
  };
  async function endStalledRun(): Promise<void> {
    outcome.stalled = [...running];
    console.error(
      `No test has ended for ${stallMs / 1_000} s; ending the run. Running: ${outcome.stalled.join(', ') || 'nothing'}`,
    );
    await printStacks(jest, reports);
    for (const pid of [...descendants(jest.pid), jest.pid]) kill(pid, 'SIGKILL');
  }
  jest.on('message', (message: Progress) => {
    rewind();
    if (message.kind === 'started') running.add(message.file);
    if (message.kind !== 'finished') return;
    running.delete(message.file);
    outcome.finished.add(message.file);
    outcome.failures.push(...message.failures.map((failure) => ({ ...failure, file: message.file })));
    for (const count of ['passed', 'failed', 'skipped'] as const) outcome[count] += message[count];
  });
  rewind();
  return new Promise((resolve, reject) => {
    jest.on('error', reject);
    jest.on('exit', (code) => {
      clearTimeout(watch);
      process.off('SIGTERM', forward);
      rmSync(reports, { recursive: true, force: true });
      resolve({ ...outcome, exitCode: code ?? 1 });
    });
  });
}

/** The processes below this one, deepest last; none where `ps` is missing. */
function descendants(root: number | undefined): number[] {
  let table: string;
  try {
    table = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8', timeout: 5_000 });
  } catch {
    return [];
  }
  const rows = table
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  const found = [root];
  for (const parent of found) found.push(...rows.filter(([, ppid]) => ppid === parent).map(([pid]) => pid));
  return found.slice(1).filter((pid) => pid !== undefined);
}

async function printStacks(jest: ChildProcess, reports: string): Promise<void> {
  const own = descendants(jest.pid).filter((pid) => commandOf(pid).includes('jest'));
  for (const pid of [...own, jest.pid]) kill(pid, 'SIGUSR2');
  await pause(REPORT_WAIT_MS);
  for (const name of readdirSync(reports)) {
    const report = JSON.parse(readFileSync(join(reports, name), 'utf8')) as {
      header: { processId: number };
      javascriptStack?: { stack?: string[] };
      libuv?: { type: string; is_active: boolean }[];
    };
    const handles = (report.libuv ?? []).filter((handle) => handle.is_active).map((handle) => handle.type);
    console.error(
      `pid ${report.header.processId}: ${handles.join(' ')}\n  ${(report.javascriptStack?.stack ?? []).join('\n  ')}`,
    );
  }
}

function commandOf(pid: number): string {
  try {
    return execFileSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8', timeout: 5_000 });
  } catch {
    return '';
  }
}

function kill(pid: number | undefined, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(pid, signal);
  } catch {
    // It has ended in the meantime.
  }
}
