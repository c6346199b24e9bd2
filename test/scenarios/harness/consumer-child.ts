import { fileURLToPath } from 'node:url';
import { Child } from './child.ts';
import type { ConsumerSetup } from './consumer-setup.ts';

const COMPILE = new URL('./compile-decorators.ts', import.meta.url).href;
const PROGRAM = fileURLToPath(new URL('./consumer-process.ts', import.meta.url));

/** An application of the SDK that consumes, in a process of its own. Starts in about a second. */
export class ConsumerChild extends Child {
  constructor(setup: ConsumerSetup) {
    super(['--import', COMPILE, PROGRAM, JSON.stringify(setup)]);
  }

  /** Resolves once it has joined its groups. */
  async ready(): Promise<this> {
    await this.line('ready');
    return this;
  }

  /** Lines that begin with the word. */
  said(word: string): number {
    return this.lines.filter((line) => line.startsWith(`${word} `)).length;
  }
}
