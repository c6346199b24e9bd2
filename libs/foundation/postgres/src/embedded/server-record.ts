import { join } from 'node:path';
import { readJsonFile, writeJsonFile } from './json-file.ts';
import { isAlive, type ProcessIdentity } from './process-identity.ts';

/** What one start tells the next one. Losing it costs nothing but the port. */
export interface ServerRecord {
  /** The port of the last start, taken again when it is free. */
  readonly port: number | undefined;
  /** The process that has to stop the server; undefined when none runs. */
  readonly owner: ProcessIdentity | undefined;
}

export async function readServerRecord(dataDir: string): Promise<ServerRecord> {
  const value = ((await readJsonFile(pathIn(dataDir))) ?? {}) as {
    port?: unknown;
    owner?: Partial<ProcessIdentity> | null;
  };
  const owner = value.owner;
  return {
    port: typeof value.port === 'number' ? value.port : undefined,
    owner:
      typeof owner?.pid === 'number' && typeof owner.started === 'string'
        ? { pid: owner.pid, started: owner.started }
        : undefined,
  };
}

export async function writeServerRecord(dataDir: string, record: ServerRecord): Promise<void> {
  await writeJsonFile(pathIn(dataDir), { port: record.port, owner: record.owner ?? null });
}

/** True when no living process has to stop the server: whoever finds it may take it over. */
export async function isOrphaned(record: ServerRecord): Promise<boolean> {
  return record.owner === undefined || !(await isAlive(record.owner));
}

function pathIn(dataDir: string): string {
  return join(dataDir, 'server.json');
}
