import { once } from 'node:events';
import process from 'node:process';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import type { Terminal } from './terminal.ts';
import { EXIT } from './exit-codes.ts';

const CLEAR_LINE = '\r\u001b[K';

/**
 * The terminal of this process. The first Ctrl-C is noted, so that a command can finish what must not be left half done;
 * the second one ends the process at once.
 */
export function processTerminal(): Terminal {
  const interruption = new AbortController();
  const interrupt = (): void => {
    if (interruption.signal.aborted) process.exit(EXIT.INTERRUPTED);
    interruption.abort();
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  // The reader has gone (`| head`): there is nobody left to write for.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    process.exit(error.code === 'EPIPE' ? EXIT.OK : EXIT.FAILED);
  });
  let progressShown = false;
  const clearProgress = (): void => {
    if (progressShown) process.stderr.write(CLEAR_LINE);
    progressShown = false;
  };
  return {
    env: process.env,
    columns: process.stdout.isTTY ? process.stdout.columns : undefined,
    colour: process.stdout.isTTY && (process.env['NO_COLOR'] ?? '') === '' && process.env['TERM'] !== 'dumb',
    interrupted: interruption.signal,
    now: () => Date.now(),
    random: () => Math.random(),
    print: async (text) => {
      clearProgress();
      if (!process.stdout.write(`${text}\n`)) await once(process.stdout, 'drain');
    },
    note: (text) => {
      clearProgress();
      if (text === '') return;
      process.stderr.write(`${text}\n`);
    },
    progress: (text) => {
      if (!process.stderr.isTTY) return;
      clearProgress();
      if (text !== '') process.stderr.write(text);
      progressShown = text !== '';
    },
    ask: (question, options) => ask(question, options?.secret === true, interrupt),
  };
}

async function ask(question: string, secret: boolean, interrupt: () => void): Promise<string | undefined> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return undefined;
  process.stderr.write(question);
  // What is typed is echoed by readline itself: for a secret, to nowhere.
  const echo = secret ? new Writable({ write: (_chunk, _encoding, done) => done() }) : process.stderr;
  const reader = createInterface({ input: process.stdin, output: echo, terminal: true });
  const closed = new AbortController();
  // Ctrl-C and Ctrl-D at the question: an answer is not to come.
  reader.on('SIGINT', () => {
    interrupt();
    reader.close();
  });
  reader.on('close', () => closed.abort());
  try {
    return await reader.question('', { signal: closed.signal });
  } catch {
    return '';
  } finally {
    reader.close();
    if (secret) process.stderr.write('\n');
  }
}
