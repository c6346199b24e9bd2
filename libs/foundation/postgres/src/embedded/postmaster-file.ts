/** What postmaster.pid says (src/include/utils/pidfile.h); lines after the third appear as the server starts. */
export interface PostmasterFile {
  readonly pid: number;
  readonly dataDirectory: string;
  readonly port: number | undefined;
  readonly status: 'starting' | 'stopping' | 'ready' | 'standby' | undefined;
}

const STATUSES = ['starting', 'stopping', 'ready', 'standby'] as const;

/** Undefined for a text that names no process: the file is written in several steps and may be seen half-made. */
export function parsePostmasterFile(text: string): PostmasterFile | undefined {
  const lines = text.split('\n').map((line) => line.trim());
  // A single-user server writes its pid negative.
  const pid = Math.abs(Number.parseInt(lines[0] ?? '', 10));
  if (!Number.isSafeInteger(pid) || pid === 0) return undefined;
  const port = Number.parseInt(lines[3] ?? '', 10);
  return {
    pid,
    dataDirectory: lines[1] ?? '',
    port: Number.isSafeInteger(port) && port > 0 ? port : undefined,
    status: STATUSES.find((status) => status === lines[7]),
  };
}

/**
 * The same file naming another process. Postgres takes a file that names its parent for a left-over one, and then still
 * checks the shared memory of the rest of the file for processes that live on.
 */
export function withPostmasterPid(text: string, pid: number): string {
  return [String(pid), ...text.split('\n').slice(1)].join('\n');
}
