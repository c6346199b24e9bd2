import { fileURLToPath } from 'node:url';
import type { SequencerOptions } from '#libs/movers/sequencer';
import { Child } from './child.ts';

const PROGRAM = fileURLToPath(new URL('./sequencer-process.ts', import.meta.url));

/** A sequencer in a process of its own: what there is of a relay when the HTTP API does not matter. Starts in 0.1 s. */
export class SequencerChild extends Child {
  constructor(url: string, options: Partial<SequencerOptions> = {}) {
    super([PROGRAM, url, JSON.stringify(options)]);
  }

  /** Resolves once it runs, as leader or as standby. */
  async ready(): Promise<this> {
    await this.line('ready');
    return this;
  }
}
