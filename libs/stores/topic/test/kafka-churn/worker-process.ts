import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { GroupProtocol } from '../../src/kafka-groups/kafka-group-coordinator.ts';
import { readEvent, type WorkerEvent } from './worker-event.ts';

const FIXTURE = fileURLToPath(new URL('./worker.fixture.ts', import.meta.url));

export interface WorkerPlace {
  readonly bootstrap: string;
  readonly group: string;
  readonly topic: string;
  readonly protocol: GroupProtocol;
}

/** A worker in a process of its own; what it tells goes to `events`. */
export class WorkerProcess {
  readonly name: string;
  readonly #process: ChildProcess;
  readonly #told: Promise<unknown>;

  constructor(name: string, place: WorkerPlace, events: WorkerEvent[]) {
    this.name = name;
    const flags = ['--conditions=source', '--disable-warning=ExperimentalWarning'];
    const { bootstrap, group, topic, protocol } = place;
    this.#process = spawn(process.execPath, [...flags, FIXTURE, bootstrap, group, topic, name, protocol], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const lines = createInterface({ input: this.#process.stdout! });
    // A process that is killed may leave half a line.
    lines.on('line', (line) => line.endsWith('}') && events.push(readEvent(line)));
    this.#told = once(lines, 'close');
  }

  get isRunning(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null;
  }

  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.#process.kill(signal);
  }

  /** Resolves when the process has ended and all that it told has been read. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    if (this.isRunning) {
      const exited = once(this.#process, 'exit');
      this.#process.kill(signal);
      await exited;
    }
    await this.#told;
  }
}
