import { readdir, readFile } from 'node:fs/promises';

/**
 * CPU seconds used so far by this process and by all processes of a Postgres server that live now; undefined where there
 * is no Linux /proc or the server is not on this machine. Backends that end between two readings are missed, so both
 * readings must happen while the same connections are open.
 */
export async function readCpuSeconds(postmasterPid: number | undefined): Promise<number | undefined> {
  const own = process.cpuUsage();
  if (postmasterPid === undefined) return undefined;
  const names = await readdir('/proc').catch(() => undefined);
  if (names === undefined) return undefined;
  const pids = names.filter((name) => /^\d+$/.test(name)).map(Number);
  const server = await Promise.all(pids.map((pid) => cpuNanosecondsOf(pid, postmasterPid)));
  return (own.user + own.system) / 1e6 + server.reduce((sum, nanoseconds) => sum + nanoseconds, 0) / 1e9;
}

/** 0 for a process of others, and for one that ended meanwhile. */
async function cpuNanosecondsOf(pid: number, postmasterPid: number): Promise<number> {
  try {
    if (pid !== postmasterPid && parentOf(await readFile(`/proc/${pid}/stat`, 'utf8')) !== postmasterPid) return 0;
    // schedstat: time on a CPU in ns, time waiting for one, number of turns. stat counts in steps of 10 ms only.
    return Number.parseInt(await readFile(`/proc/${pid}/schedstat`, 'utf8'), 10);
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return 0;
    throw error;
  }
}

/** proc(5): pid (name) state ppid …; the name may hold spaces and brackets. */
export function parentOf(stat: string): number {
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
}
