import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const COMPILE = new URL('../../scenarios/harness/compile-decorators.ts', import.meta.url).href;

/** A server in a process of its own, which tells its port when it is up and ends when it is let go. */
export interface ChildServer {
  readonly port: number;
  /** From the fork to its telling, in ms. */
  readonly startMs: number;
  /** Memory that it holds now, in bytes. Linux only. */
  residentBytes(): number;
  stop(): Promise<void>;
}

/** `file` is a module beside this one; `args` reach its argv, `message` is sent to it first when given. */
export async function startChildServer(file: string, args: readonly string[], message?: string): Promise<ChildServer> {
  const startedAt = performance.now();
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), args, {
    // The semi-space as in the image.
    execArgv: ['--conditions=source', '--max-semi-space-size=16', '--import', COMPILE],
  });
  if (message !== undefined) child.send(message);
  // Whatever fails in the measurement, its servers do not keep the run from ending.
  child.unref();
  child.channel?.unref();
  const { port } = await toldBy(child);
  return {
    port,
    startMs: performance.now() - startedAt,
    residentBytes: () => {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
      return Number(/VmRSS:\s+(\d+) kB/.exec(status)![1]) * 1024;
    },
    stop: async () => {
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
  };
}

function toldBy(child: ChildProcess): Promise<{ port: number }> {
  return new Promise((resolve, reject) => {
    child.once('message', (told) => resolve(told as { port: number }));
    child.once('exit', (code) => reject(new Error(`the server ended before it was up, with exit code ${code}`)));
    child.once('error', reject);
  });
}
