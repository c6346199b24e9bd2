import { readFile } from 'node:fs/promises';
import process from 'node:process';

/**
 * A process, also after its pid was given to another one. `started` is the kernel's start time in clock ticks; empty where
 * it cannot be known (macOS, a /proc that hides it), and then only the pid counts.
 */
export interface ProcessIdentity {
  readonly pid: number;
  readonly started: string;
}

/** State letter and start time from the text of /proc/<pid>/stat; the command in parentheses may contain anything. */
export function parseProcStat(text: string): { state: string; started: string } | undefined {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state, started] = [fields[0], fields[19]];
  return state === undefined || started === undefined ? undefined : { state, started };
}

/** The process that has this pid now; undefined when there is none, or only a zombie that nobody has collected. */
export async function identityOf(pid: number): Promise<ProcessIdentity | undefined> {
  const text = await readProc(pid, 'stat');
  const stat = text === undefined ? undefined : parseProcStat(text);
  if (stat !== undefined) return stat.state === 'Z' || stat.state === 'X' ? undefined : { pid, started: stat.started };
  return answersSignals(pid) ? { pid, started: '' } : undefined;
}

export async function isAlive(identity: ProcessIdentity): Promise<boolean> {
  return isSameProcess(await identityOf(identity.pid), identity);
}

export function isSameProcess(a: ProcessIdentity | undefined, b: ProcessIdentity): boolean {
  return a !== undefined && a.pid === b.pid && (a.started === b.started || a.started === '' || b.started === '');
}

/** The arguments that the process was started with; undefined where the system does not tell. */
export async function argumentsOf(pid: number): Promise<readonly string[] | undefined> {
  return (await readProc(pid, 'cmdline'))?.split('\0');
}

async function readProc(pid: number, file: string): Promise<string | undefined> {
  try {
    return await readFile(`/proc/${pid}/${file}`, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (['ENOENT', 'ENOTDIR', 'ESRCH', 'EACCES', 'EPERM'].includes(code)) return undefined;
    throw error;
  }
}

function answersSignals(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
