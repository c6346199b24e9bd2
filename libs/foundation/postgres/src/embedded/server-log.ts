import { copyFile, open, stat, truncate } from 'node:fs/promises';
import { Loop } from '#libs/foundation/lifecycle';
import { giveToFolderOwner } from './folder-owner.ts';

// With its predecessor twice this on disk; a flood of failing statements fills it in minutes, so it is looked at often.
const LOG_MAX_BYTES = 16 * 1024 * 1024;
const LOOK_EVERY_MS = 5_000;
const TAIL_BYTES = 4_096;
const TAIL_LINES = 20;

/**
 * The file that Postgres writes its messages to. Postgres has it open for appending, so that it can be emptied while it is
 * written: once it is too large, its content moves to `<path>.1`.
 */
export class ServerLog {
  readonly path: string;
  #from = 0;

  constructor(path: string) {
    this.path = path;
  }

  /** Opens the file for a server that starts now; `tail` shows only what comes from here on. */
  async openForServer(): Promise<{ fd: number; close: () => Promise<void> }> {
    const file = await open(this.path, 'a', 0o600);
    await giveToFolderOwner(this.path);
    await this.keepBounded();
    this.#from = (await file.stat()).size;
    return { fd: file.fd, close: () => file.close() };
  }

  /** The last lines that the server wrote; empty when it has written nothing yet. */
  async tail(): Promise<string> {
    // 'a+' makes the file if somebody has removed it: there being no log must not hide why the server failed.
    const file = await open(this.path, 'a+', 0o600);
    try {
      const { size } = await file.stat();
      const from = Math.max(Math.min(this.#from, size), size - TAIL_BYTES);
      const { buffer, bytesRead } = await file.read(Buffer.alloc(size - from), 0, size - from, from);
      return buffer.toString('utf8', 0, bytesRead).trim().split('\n').slice(-TAIL_LINES).join('\n');
    } finally {
      await file.close();
    }
  }

  async keepBounded(maxBytes = LOG_MAX_BYTES): Promise<void> {
    if ((await stat(this.path)).size <= maxBytes) return;
    await copyFile(this.path, `${this.path}.1`);
    await truncate(this.path, 0);
    this.#from = 0;
  }

  /** Keeps the file bounded while the server runs. */
  boundingLoop(report: (line: string) => void): Loop {
    return new Loop({
      name: 'embedded-postgres-log',
      step: async () => {
        await this.keepBounded();
        return { waitMs: LOOK_EVERY_MS };
      },
      onError: (error) => {
        report(`the log of the embedded Postgres cannot be kept bounded: ${String(error)}`);
        return { waitMs: 12 * LOOK_EVERY_MS };
      },
    });
  }
}
