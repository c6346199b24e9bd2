import type { Terminal } from '../src/terminal.ts';

/** A terminal that keeps what is written; nobody answers unless answers are given. */
export class RecordingTerminal implements Terminal {
  readonly env: Terminal['env'];
  readonly columns: number | undefined;
  readonly colour = false;
  readonly interruption = new AbortController();
  readonly out: string[] = [];
  readonly err: string[] = [];
  readonly bars: string[] = [];
  readonly #answers: string[];

  constructor(env: Terminal['env'] = {}, options: { answers?: string[]; columns?: number } = {}) {
    this.env = env;
    this.columns = options.columns;
    this.#answers = [...(options.answers ?? [])];
  }

  get interrupted(): AbortSignal {
    return this.interruption.signal;
  }

  now(): number {
    return Date.now();
  }

  random(): number {
    return 0.5;
  }

  print(text: string): Promise<void> {
    this.out.push(text);
    return Promise.resolve();
  }

  note(text: string): void {
    if (text !== '') this.err.push(text);
  }

  progress(text: string): void {
    this.bars.push(text);
  }

  ask(question: string): Promise<string | undefined> {
    this.err.push(question);
    return Promise.resolve(this.#answers.shift());
  }
}
