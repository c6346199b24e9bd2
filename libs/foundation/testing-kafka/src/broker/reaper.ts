import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/**
 * Reads which processes there are until its input ends, which it does with us, however we end. Then it ends those that are
 * left and removes the folder.
 */
const SCRIPT = `
pids=
while read -r change pid; do
  case "$change" in
    started) pids="$pids $pid" ;;
    ended)
      left=
      for each in $pids; do [ "$each" = "$pid" ] || left="$left $each"; done
      pids=$left ;;
  esac
done
for pid in $pids; do kill -9 "$pid"; done
rm -rf "$1"
`;

/** A small process beside ours that leaves nothing behind when ours is gone: no brokers, no folder. */
export class Reaper {
  readonly #process: ChildProcess;

  /** `folder` is removed in the end, with everything in it. */
  constructor(folder: string) {
    this.#process = spawn('/bin/sh', ['-c', SCRIPT, 'reaper', folder], {
      stdio: ['pipe', 'ignore', 'ignore'],
      // Ctrl-C in a terminal reaches a whole process group, and this one must outlive ours.
      detached: true,
    });
    // Written to after its end: whoever ended it wanted nothing cleaned up.
    this.#process.stdin?.on('error', () => undefined);
  }

  started(pid: number): void {
    this.#process.stdin?.write(`started ${pid}\n`);
  }

  ended(pid: number): void {
    this.#process.stdin?.write(`ended ${pid}\n`);
  }

  /** Ends what is left and removes the folder; resolves when that is done. */
  async finish(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const closed = once(this.#process, 'close');
    this.#process.stdin?.end();
    await closed;
  }
}
