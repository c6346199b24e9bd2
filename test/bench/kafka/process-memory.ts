import { readFile } from 'node:fs/promises';

/** The most memory that a process has had, in bytes; undefined where there is no Linux /proc. */
export async function mostRssBytes(pid: number): Promise<number | undefined> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => undefined);
  const kilobytes = status?.match(/^VmHWM:\s+(\d+) kB$/m)?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1_024;
}
